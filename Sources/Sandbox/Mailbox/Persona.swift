/// Recipients that do as they are called, by the part before the `@`.
enum Persona: String, Sendable {
  /// drafts.create answers 400, "Invalid To header".
  case reject
  /// The send is done at once and answered after some seconds.
  case slow
  /// The first send of a draft gets 403 `userRateLimitExceeded` with a time.
  case ratelimit
  /// The send gets 403 `dailyLimitExceeded`, always.
  case dailylimit
  /// drafts.create answers 413 with a page of HTML.
  case toolarge

  static func among(_ recipients: [String]) -> Set<Persona> {
    Set(recipients.compactMap { Persona(rawValue: $0.prefix { $0 != "@" }.lowercased()) })
  }
}
