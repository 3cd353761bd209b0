/// A call that was let in and read whole, and can be executed: now, later, or not at all.
struct PreparedCall: Sendable {
  struct Result: Sendable {
    let response: Response
    let facts: CallFacts

    init(_ response: Response, _ facts: CallFacts = CallFacts()) {
      self.response = response
      self.facts = facts
    }
  }

  /// What is known before it is executed.
  var facts = CallFacts()
  /// The upload that goes with it.
  var upload: Upload?
  let execute: @Sendable () async throws(APIError) -> Result
  /// What Gmail answers from a copy that has not caught up; nil when there is nothing stale to say.
  var stale: (@Sendable () async -> Result?)?
  /// The call as it would be if Gmail did not guard against itself: the pause comes between look and deed.
  var race: (@Sendable (Duration) async throws(APIError) -> Result)?

  init(
    facts: CallFacts = CallFacts(), upload: Upload? = nil,
    execute: @escaping @Sendable () async throws(APIError) -> Result
  ) {
    self.facts = facts
    self.upload = upload
    self.execute = execute
  }
}
