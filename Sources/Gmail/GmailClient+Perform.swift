import Foundation
import Model
import Transfer

extension GmailClient {
  func request(_ method: TransferRequest.Method, _ path: String, body: TransferRequest.Body = .none) -> TransferRequest
  {
    var request = TransferRequest(
      method, configuration.apiRoot.appending(path), body: body, deadline: .total(configuration.callTimeout))
    request.connectTimeout = configuration.connectTimeout
    return request
  }

  /// With a token; a token that Google refuses is replaced once, and the call repeated once.
  func perform(_ call: GmailCall, _ request: TransferRequest) async -> GmailReply {
    var answer = GmailAnswer.notTried(StageError(.credentialInvalid, "", .hold(.sender)))
    for _ in 1...2 {
      do throws(StageError) {
        let token = try await token()
        answer = await once(request, token)
        guard case .refused(let error) = answer, error.kind == .credential else { break }
        await tokens.refuse(token)
      } catch {
        answer = .notTried(error)
        break
      }
    }
    await note(answer, of: call)
    return GmailReply(answer, wait: await account.sendingWait)
  }

  /// A token endpoint that does not answer as it should is everybody's trouble: each delivery waits, and none fails.
  func token() async throws(StageError) -> AccessToken {
    do throws(StageError) {
      return try await tokens.token()
    } catch {
      guard case .wait = error.meaning else { throw error }
      await account.noteTrouble(of: nil, error.code, error.detail)
      throw StageError(error.code, error.detail, .wait(await account.sendingWait))
    }
  }

  private func once(_ request: TransferRequest, _ token: AccessToken) async -> GmailAnswer {
    var request = request
    request.headers.append(("Authorization", "Bearer \(token.secret.value)"))
    let start = time.uptime()
    switch await loop.perform(request) {
    case .success(let response):
      if !response.isForeign, let date = response.date {
        await account.noteClock(ours: time.now(), theirs: date, took: time.uptime() - start)
      }
      guard (200..<300).contains(response.status) else { return .refused(GmailError(response, now: time.now())) }
      return .success(response)
    case .failure(let error): return .failed(error)
    }
  }

  /// Tells the account what concerns everybody.
  private func note(_ answer: GmailAnswer, of call: GmailCall) async {
    switch answer {
    case .success(let response):
      guard response.isForeign else { return await account.notePassage(of: call) }
      await account.noteTrouble(of: call, .unreachable, Self.words(ofForeign: response.status))
    case .refused(let error):
      switch error.kind {
      case .limited(let isMailSending):
        await account.noteLimit(of: call, hint: error.hint, isMailSending: isMailSending, error.description)
      case .daily: await account.noteDailyLimit()
      case .recipient, .message, .notFound: await account.notePassage(of: call)
      case .other where !error.isGoogles:
        await account.noteTrouble(of: call, .unreachable, Self.words(ofForeign: error.status))
      default: break
      }
    case .failed(let error):
      if error.isUnreachable { await account.noteTrouble(of: call, .unreachable, error.description) }
    case .notTried: break
    }
  }

  /// The resource in an answer; any other end as what it means for a delivery, if the call was no send.
  ///
  /// Where somebody else answers, Google is not reached: that uses up no attempt of a delivery, and everybody waits.
  func resource<T: GmailResource>(_ type: T.Type, from reply: GmailReply) async throws(StageError) -> T {
    if reply.isForeign { throw await foreign(reply) }
    return try Self.resource(type, from: reply.success())
  }

  static func resource<T: GmailResource>(_ type: T.Type, from response: TransferResponse) throws(StageError) -> T {
    guard let value = response.resource(type) else { throw unreadable(response) }
    return value
  }

  static func unreadable(_ response: TransferResponse) -> StageError {
    StageError(.serverError, "HTTP \(response.status) with an unreadable body", .retry(after: nil))
  }

  func foreign(_ reply: GmailReply) async -> StageError {
    let status =
      switch reply.answer {
      case .success(let response): response.status
      case .refused(let error): error.status
      case .failed, .notTried: 0
      }
    return StageError(.unreachable, Self.words(ofForeign: status), .wait(await account.sendingWait))
  }

  private static func words(ofForeign status: Int) -> String {
    "HTTP \(status), and not from Google: a proxy may have answered"
  }

  static func json(_ fields: [String: String]) -> Data {
    // A dictionary of texts always encodes.
    (try? WireJSON.encode(fields)) ?? Data()
  }

  /// Percent-encodes an id for a path or a query (RFC 3986, section 2.3).
  static func escape(_ text: String) -> String {
    let plain = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
    return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
  }
}
