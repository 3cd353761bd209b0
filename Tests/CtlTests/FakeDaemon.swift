import Control
import Foundation
import Model
import NIOPosix

/// A daemon that answers as a test says, on a socket of its own.
struct FakeDaemon: VarlinkService {
  let answer: @Sendable (VarlinkCall) async throws -> Void

  let name = JobsInterface.name
  let description = JobsInterface.description
  let methods = JobsInterface.methods

  func handle(_ call: VarlinkCall) async throws { try await answer(call) }

  /// Serves while `body` runs.
  static func serving<R: Sendable>(
    at path: String, _ answer: @escaping @Sendable (VarlinkCall) async throws -> Void, _ body: () async throws -> R
  ) async throws -> R {
    let server = try await VarlinkServer.listen(
      on: .path(path), services: [FakeDaemon(answer: answer)],
      identity: VarlinkIdentity(vendor: "test", product: "test", version: "0", url: ""),
      group: MultiThreadedEventLoopGroup.singleton)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await server.run() }
      let result: R
      do { result = try await body() } catch {
        group.cancelAll()
        throw error
      }
      group.cancelAll()
      try await group.waitForAll()
      return result
    }
  }
}

/// A job of three invoices, and its events.
struct SampleJob {
  static let epoch = "e1"
  static let start = Date(timeIntervalSince1970: 1_795_000_000)

  var counts = Counts(total: 3)
  var state = JobState.running
  var holds: [Hold] = []

  var job: Job {
    Job(
      id: 7, pipeline: "invoices", occasion: "", filter: Filter(), testTo: nil, state: state, holds: holds,
      counts: counts, startedBy: Person(uid: 1000, name: "anne"), startedAt: Self.start,
      finishedAt: state.isFinished ? Self.start + 9 : nil)
  }

  func event(_ sequence: Int64, _ kind: Event.Kind, delivery: DeliveryLine? = nil) -> Event {
    Event(
      id: EventID(epoch: Self.epoch, sequence: sequence), kind: kind, job: 7, at: Self.start + Double(sequence),
      state: state, counts: counts, elapsed: Double(sequence), pipeline: "invoices", delivery: delivery,
      holds: kind == .paused ? holds : nil)
  }

  /// The event of the next delivery that was sent or, with a code, failed.
  mutating func deliver(_ sequence: Int64, position: Int, failing code: ErrorCode? = nil) -> Event {
    counts.left -= 1
    if code == nil { counts.sent += 1 } else { counts.failed += 1 }
    return event(
      sequence, .progress,
      delivery: DeliveryLine(
        position: position, number: "F\(position)", cct: "CCT\(position)", file: "F\(position).pdf",
        recipients: ["a\(position)@example.be"], state: code == nil ? .sent : .failed, code: code))
  }

  mutating func finish(_ sequence: Int64) -> Event {
    state = .completed
    return event(sequence, .complete)
  }

  /// Start, two sent, one failed, complete: sequences 1 to 5.
  static var events: [Event] {
    var job = SampleJob()
    return [
      job.event(1, .start), job.deliver(2, position: 1), job.deliver(3, position: 2),
      job.deliver(4, position: 3, failing: .recipientRefused), job.finish(5),
    ]
  }

  static let lines = [
    "🚀 Début de l'envoi : 3 facture(s)",
    "✅ Email 1/3 envoyé : CCT1 - F1.pdf → a1@example.be",
    "✅ Email 2/3 envoyé : CCT2 - F2.pdf → a2@example.be",
    "⚠️ Email 3/3 ERREUR : CCT3 - F3.pdf : destinataire refusé",
    "✅ Envoi terminé : 2 succès, 1 erreur(s) sur 3 facture(s)",
  ]

  static var status: JobsInterface.GetStatus.Reply {
    .init(version: "0", epoch: epoch, startedAt: start, pipelines: [], jobs: [], invoices: 3)
  }
}

extension VarlinkCall {
  /// Passes events on as the daemon does: the stored bytes.
  func send(_ events: some Sequence<Event>) async throws {
    try await replies("event") { try events.map { String(decoding: try WireJSON.encode($0), as: UTF8.self) } }
  }
}
