import Model
import Transfer

/// The access token of one credential, renewed before it ends; one request at a time.
package actor TokenSource {
  private let configuration: GmailConfiguration
  private let loop: TransferLoop
  private let time: Time
  private var current: AccessToken?
  private var isRenewing = false
  /// Deliveries that wait for the request in flight: as many as run at the same time.
  private var waiting: [CheckedContinuation<Result<AccessToken, StageError>, Never>] = []

  package init(_ configuration: GmailConfiguration, _ loop: TransferLoop, _ time: Time) {
    self.configuration = configuration
    self.loop = loop
    self.time = time
  }

  /// A token that is valid for a while yet.
  ///
  /// The credential file is read for each renewal, so that a new one is taken without a restart. When a renewal before
  /// its time fails for a passing reason, or Google is not reached, the old token serves on. Errors: those of `CredentialFile` and `TokenRequest`.
  package func token() async throws(StageError) -> AccessToken {
    if let current, time.uptime() < current.expiresAt - configuration.renewBefore { return current }
    if isRenewing { return try await withCheckedContinuation { waiting.append($0) }.get() }
    isRenewing = true
    let result = await renewed()
    isRenewing = false
    if case .success(let token) = result { current = token }
    for continuation in waiting { continuation.resume(returning: result) }
    waiting = []
    return try result.get()
  }

  /// The API did not take this token: the next call of `token()` gets another.
  package func refuse(_ token: AccessToken) {
    if current == token { current = nil }
  }

  private func renewed() async -> Result<AccessToken, StageError> {
    do throws(StageError) {
      let file = CredentialFile(
        path: configuration.credentialFile, tokenURI: configuration.tokenURI,
        allowsLoopback: configuration.allowsLoopback)
      let request = TokenRequest(credential: try await file.read(), configuration: configuration, time: time)
      return .success(try await request.perform(on: loop))
    } catch {
      if let current, error.passes || error.code == .unreachable, time.uptime() < current.expiresAt {
        return .success(current)
      }
      return .failure(error)
    }
  }
}

extension StageError {
  /// Whether time alone may mend it.
  var passes: Bool {
    switch meaning {
    case .retry, .wait: true
    case .reject, .hold: false
    }
  }
}
