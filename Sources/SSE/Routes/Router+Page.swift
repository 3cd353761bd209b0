import Control
import Foundation
import Model
import NIOCore

extension Router {
  /// For anybody who may come near: what it shows, it asks for.
  func page(_ request: Request) -> Response {
    Response(
      .ok,
      [
        "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": page.policy,
        "Cross-Origin-Opener-Policy": "same-origin",
      ], body: page.body)
  }

  /// The words of a language (`fr`, `en`); they tell nothing about anybody.
  func sentences(_ language: String) throws -> Response {
    guard let language = Language(rawValue: language) else { throw HTTPError.notFound }
    return try Response(json: Sentences(language).templates)
  }

  /// `POST`: a code for a cookie. `GET`: who am I. `DELETE`: away with it.
  func session(_ request: Request) async throws -> Response {
    try request.checkQuery([])
    switch request.method {
    case .GET: return try Response(json: SessionReply(access.user(request, now: Date())))
    case .POST:
      struct Body: Codable { var code: String }
      let code = try request.decode(Body.self).code
      let name = try await daemon.call(JobsInterface.TakeWebCode.self, .init(code: code)).name
      let user = access.startPermissions.user(name)
      let value = access.sessions.open(user, now: Date())
      return try Response(json: SessionReply(user), ["Set-Cookie": cookie(request, value, Int(Sessions.lifetime))])
    case .DELETE:
      if let value = access.cookie(request) { access.sessions.close(value) }
      return Response(.noContent, ["Set-Cookie": cookie(request, "", 0)])
    default: throw HTTPError.methodNotAllowed("GET, POST, DELETE")
    }
  }

  /// Over a host name there is TLS in front; a loopback address has none.
  private func cookie(_ request: Request, _ value: String, _ maximumAge: Int) -> String {
    let host = request.header("host") ?? ""
    let isLocal = Access.loopbackNames.contains { host == $0 || host.hasPrefix("\($0):") }
    return "\(access.cookieName(request))=\(value); Path=\(root); Max-Age=\(maximumAge); HttpOnly; SameSite=Strict"
      + (isLocal ? "" : "; Secure")
  }

  /// For a supervisor: whether the daemon answers.
  func health() async throws -> Response {
    struct Reply: Encodable { var version: String }
    let status = try await daemon.call(JobsInterface.GetStatus.self, Empty())
    return try Response(json: Reply(version: status.version))
  }

  /// Numbers alone, no name and no address.
  func openMetrics() async throws -> Response {
    var text = OpenMetrics()
    text.family("invoiced_sse_readers", "gauge", "Open streams.")
    text.sample("invoiced_sse_readers", feeds.readers)
    text.counts(metrics.now)
    let status = try? await daemon.call(JobsInterface.GetStatus.self, Empty())
    text.family("invoiced_up", "gauge", "Whether the daemon answers.")
    text.sample("invoiced_up", status == nil ? 0 : 1)
    if let status {
      text.family("invoiced_jobs", "gauge", "Jobs that are not finished, by state.")
      for state in JobState.allCases where !state.isFinished {
        text.sample("invoiced_jobs", ("state", state.rawValue), status.jobs.count { $0.state == state })
      }
      text.family("invoiced_deliveries", "gauge", "Deliveries of the jobs that are not finished, by state.")
      let states: [(String, KeyPath<Counts, Int> & Sendable)] = [
        ("sent", \.sent), ("failed", \.failed), ("skipped", \.skipped), ("unknown", \.unknown),
        ("cancelled", \.cancelled), ("left", \.left),
      ]
      for (name, count) in states {
        text.sample("invoiced_deliveries", ("state", name), status.jobs.reduce(0) { $0 + $1.counts[keyPath: count] })
      }
    }
    return Response(.ok, ["Content-Type": OpenMetrics.contentType], body: ByteBuffer(string: text.ended))
  }
}

private struct SessionReply: Encodable {
  var name: String
  var mayStart: Bool

  init(_ user: User) { (name, mayStart) = (user.name, user.mayStart) }

  enum CodingKeys: String, CodingKey {
    case name
    case mayStart = "may_start"
  }
}
