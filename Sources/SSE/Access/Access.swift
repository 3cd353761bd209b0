import Foundation
import Model
import NIOHTTP1

/// Decides who may come in, before anything else is looked at.
struct Access: Sendable {
  /// A proxy that logs people in, and says who they are.
  struct Proxy: Sendable {
    /// Of the user's name.
    var header: String
    /// What the proxy says in `X-Proxy-Secret`; nil: only a Unix socket is believed.
    var secret: String?
  }

  static let loopbackNames: Set<String> = ["localhost", "127.0.0.1", "[::1]"]
  static let ownHeader = "X-Invoiced"
  static let proxySecretHeader = "X-Proxy-Secret"

  var hosts: Set<String> = []
  var startPermissions = StartPermissions.names([])
  var tokens = TokenFile()
  var proxy: Proxy?
  let sessions = Sessions()

  /// Throws unless `Host` is one that we are meant by (DNS rebinding), and the request comes from our own page, a script,
  /// the address bar, or a link to our page, which shows nothing that it does not ask for itself.
  func check(_ request: Request) throws {
    guard let host = request.header("host"), isOurs(host.lowercased(), request.port) else {
      throw HTTPError(.misdirectedRequest, "WrongHost", "this server does not go by that name")
    }
    if !request.headers["sec-fetch-site"].isEmpty {
      // No browser sends two.
      guard let site = request.header("sec-fetch-site"),
        site == "same-origin" || (site == "none" && request.method == .GET) || isLink(request)
      else {
        throw HTTPError.forbidden("the request comes from another site")
      }
    }
    if !request.headers["origin"].isEmpty {
      let origin = request.header("origin")?.lowercased() ?? ""
      guard ["http://", "https://"].contains(where: { origin == $0 + host.lowercased() }) else {
        throw HTTPError.forbidden("the request comes from another origin")
      }
    }
    if request.method != .GET, request.method != .HEAD, request.headers[Self.ownHeader].isEmpty {
      throw HTTPError.forbidden("the header \(Self.ownHeader) is missing")
    }
  }

  /// Who asks. Throws when nobody known does.
  func user(_ request: Request, now: Date) throws -> User {
    if let named = try proxiedName(request) { return startPermissions.user(named) }
    if !request.headers["authorization"].isEmpty {
      let parts = (request.header("authorization") ?? "").split(separator: " ")
      guard parts.count == 2, parts[0].lowercased() == "bearer", let user = tokens.user(String(parts[1])) else {
        throw HTTPError.unauthorized
      }
      return user
    }
    guard let value = cookie(request), let user = sessions.user(value, now: now) else {
      throw HTTPError.unauthorized
    }
    return user
  }

  func mayStart(_ request: Request, now: Date) throws -> User {
    let user = try user(request, now: now)
    guard user.mayStart else { throw HTTPError.forbidden("\(user.name) may only look") }
    return user
  }

  /// Of this request's host: cookies know no port.
  func cookieName(_ request: Request) -> String {
    let port = request.header("host")?.split(separator: ":").last.flatMap { Int($0) }
    return port.map { "invoiced_\($0)" } ?? "invoiced"
  }

  func cookie(_ request: Request) -> String? {
    let name = cookieName(request) + "="
    let pairs = request.headers["cookie"].flatMap { $0.split(separator: ";") }
    return pairs.map { $0.trimmingCharacters(in: .whitespaces) }.first { $0.hasPrefix(name) }.map {
      String($0.dropFirst(name.count))
    }
  }

  /// Whether a browser goes to the page in a tab of its own, wherever the link stands.
  private func isLink(_ request: Request) -> Bool {
    request.method == .GET && Router.isPage(request.path) && request.header("sec-fetch-mode") == "navigate"
      && request.header("sec-fetch-dest") == "document"
  }

  private func isOurs(_ host: String, _ port: Int?) -> Bool {
    if hosts.contains(host) { return true }
    guard let port else { return false }
    return Self.loopbackNames.contains { host == "\($0):\(port)" || (port == 80 && host == $0) }
  }

  /// The name that a trusted proxy gives. Throws when somebody else uses its header.
  private func proxiedName(_ request: Request) throws -> String? {
    guard let proxy else { return nil }
    let names = request.headers[proxy.header]
    guard !names.isEmpty else { return nil }
    let said = request.header(Self.proxySecretHeader)
    let isTrusted = request.port == nil || (proxy.secret.map { said?.isSameSecret(as: $0) == true } ?? false)
    guard isTrusted, names.count == 1 else {
      throw HTTPError.forbidden("\(proxy.header) comes from nobody who may set it")
    }
    guard let name = Person.givenName(names[0]) else {
      throw HTTPError.forbidden("\(proxy.header) is no name that can stand in the history")
    }
    return name
  }
}

/// Who may start jobs and change them.
enum StartPermissions: Sendable, Hashable {
  case everybody
  case names(Set<String>)

  /// `*`, or names with commas between them; empty: nobody.
  init(_ text: String) {
    self =
      text == "*"
      ? .everybody : .names(Set(text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }))
  }

  func user(_ name: String) -> User {
    switch self {
    case .everybody: User(name: name, mayStart: true)
    case .names(let names): User(name: name, mayStart: names.contains(name))
    }
  }
}

/// Who asks, and what they may do. The history shows the name.
struct User: Sendable, Hashable {
  var name: String
  /// Start, pause, resume, cancel and retry jobs; everybody else only looks.
  var mayStart: Bool
}
