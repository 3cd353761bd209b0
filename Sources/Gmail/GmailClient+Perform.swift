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
  ///
  /// - Parameter isSend: whether it is the irreversible call.
  func perform(_ request: TransferRequest, isSend: Bool = false) async -> GmailReply {
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
    await note(answer, isSend: isSend)
    return GmailReply(answer, wait: await account.sendingWait)
  }

  /// A token endpoint that cannot be reached is everybody's trouble.
  func token() async throws(StageError) -> AccessToken {
    do throws(StageError) {
      return try await tokens.token()
    } catch {
      guard error.code == .unreachable, case .wait = error.meaning else { throw error }
      await account.noteTrouble(error.code, error.detail)
      throw StageError(error.code, error.detail, .wait(await account.sendingWait))
    }
  }

  private func once(_ request: TransferRequest, _ token: AccessToken) async -> GmailAnswer {
    var request = request
    request.headers.append(("Authorization", "Bearer \(token.secret.value)"))
    switch await loop.perform(request) {
    case .success(let response) where (200..<300).contains(response.status): return .success(response)
    case .success(let response): return .refused(GmailError(response, now: time.now()))
    case .failure(let error): return .failed(error)
    }
  }

  /// Tells the account what concerns everybody.
  private func note(_ answer: GmailAnswer, isSend: Bool) async {
    switch answer {
    case .success: await account.noteSuccess(isSend: isSend)
    case .refused(let error):
      switch error.kind {
      case .limited(let isMailSending):
        await account.noteLimit(hint: error.hint, isMailSending: isMailSending, error.description)
      case .daily: await account.noteDailyLimit()
      default: break
      }
    case .failed(let error):
      if error.isUnreachable { await account.noteTrouble(.unreachable, error.description) }
    case .notTried: break
    }
  }

  static func decode<T: Decodable>(_ type: T.Type, from response: TransferResponse) throws(StageError) -> T {
    do {
      return try JSONDecoder().decode(type, from: response.body)
    } catch {
      throw StageError(.serverError, "HTTP \(response.status) with an unreadable body", .retry(after: nil))
    }
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
