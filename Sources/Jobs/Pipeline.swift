import Files
import Model
import Store

/// The stages that a job's invoices go through, ready for use.
package struct Pipeline: Sendable {
  package var name: String
  package var render: any RenderStage
  package var send: any SendStage
  package var record: [RecordStep]
  package var backoff: Backoff

  package init(
    name: String, render: any RenderStage, send: any SendStage,
    record: [RecordStep], backoff: Backoff
  ) {
    self.name = name
    self.render = render
    self.send = send
    self.record = record
    self.backoff = backoff
  }
}

extension Pipeline {
  private var stages: [any Stage] { [render, send] + record.map { $0.stage as any Stage } }

  /// Starts every stage; where one cannot, those before it are closed again.
  func start() async throws(StageError) {
    var started: [any Stage] = []
    for stage in stages {
      do throws(StageError) {
        try await stage.start()
        started.append(stage)
      } catch {
        for stage in started.reversed() { await stage.close() }
        throw error
      }
    }
  }

  func close() async {
    for stage in stages.reversed() { await stage.close() }
  }
}

/// One of a pipeline's record stages.
package struct RecordStep: Sendable {
  /// Tells it from the pipeline's other ones, and stays the same over a restart: the store keeps who has a receipt.
  package var name: String
  package var stage: any RecordStage

  package init(name: String, stage: any RecordStage) {
    self.name = name
    self.stage = stage
  }
}

extension Pipeline {
  /// The delivery's message. A test goes to its own address alone, whatever the stages said.
  func message(of delivery: DueDelivery) async throws(StageError) -> Message {
    var message = try await render.render(delivery.invoice, for: delivery.context)
    if let address = delivery.testTo {
      message.to = [Mailbox(address: address)]
      message.cc = []
      message.bcc = []
    }
    return message
  }

  /// - Parameter sha256: of the message that was prepared; nil: an older version of invoiced prepared it, and did not say.
  func messageAgain(of delivery: DueDelivery, sha256: String?) -> MessageSource {
    MessageSource { () throws(StageError) in
      let message = try await message(of: delivery)
      if let sha256, try message.sha256() != sha256 {
        throw StageError(.messageChanged, delivery.invoice.number, .reject)
      }
      return message
    }
  }
}

/// When a failed attempt is repeated: truncated exponential back-off with full jitter.
///
/// Before try n + 1 the wait is a random time between zero and min(limit, first · 2^(n−1)): with the defaults at most
/// 1 s, 2 s, 4 s, 8 s, and then the delivery fails.
package struct Backoff: Sendable, Hashable {
  /// Attempts of a delivery in all; at least 1.
  package var attempts: Int
  package var first: Duration
  package var limit: Duration

  package init(attempts: Int = 5, first: Duration = .seconds(1), limit: Duration = .seconds(64)) {
    self.attempts = attempts
    self.first = first
    self.limit = limit
  }

  /// The longest wait after this many failures.
  package func ceiling(after failures: Int) -> Duration {
    let doublings = min(max(0, failures - 1), 30)
    return min(limit, first * (1 << doublings))
  }

  package func wait(after failures: Int) -> Duration {
    ceiling(after: failures) * Double.random(in: 0...1)
  }
}
