import Model

extension DeliveryContext {
  package static func sample(_ key: DeliveryKey = DeliveryKey(store: "store", delivery: 1, preparation: 1)) -> Self {
    Self(
      key: key, pipeline: "invoices", job: 1, occasion: "", position: 1, attempt: 0, revision: 1, isTest: false)
  }
}

extension MessageSource {
  /// For senders that ask for no message again.
  package static var none: Self {
    Self { () throws(StageError) in throw StageError(.messageChanged, "asked for", .reject) }
  }
}

/// What most tests of one stage have to say.
extension RenderStage {
  package func render(_ invoice: Invoice) async throws(StageError) -> Message {
    try await render(invoice, for: .sample())
  }
}

extension SendStage {
  package func prepare(_ message: Message, for key: DeliveryKey) async throws(StageError) -> SendToken {
    try await prepare(message, for: .sample(key))
  }

  package func send(_ token: SendToken, after earlier: EarlierAttempts) async -> SendOutcome {
    await send(token, .none, for: .sample(), after: earlier)
  }

  package func reconcile(_ token: SendToken, _ attempt: UnknownAttempt) async -> ReconcileResult {
    await reconcile(token, .none, attempt)
  }
}
