import Model
import Synchronization

/// A mail with the number as its subject. Numbers that begin with `BAD` have a field missing.
final class PlainRender: RenderStage {
  let usedFields: Set<String> = []
  private let text = Mutex("Invoice")

  /// As when a template is edited.
  func change(_ new: String) { text.withLock { $0 = new } }

  func render(_ invoice: Invoice, for delivery: DeliveryContext) async throws(StageError) -> Message {
    if invoice.number.hasPrefix("BAD") { throw StageError(.fieldMissing, "amount", .reject) }
    return Message(
      to: invoice.to, cc: invoice.cc, bcc: invoice.bcc, subject: invoice.number,
      text: "\(text.withLock { $0 }) \(invoice.number)")
  }
}

/// Takes receipts, and refuses as many as a test told it to.
actor ScriptedRecord: RecordStage {
  private(set) var receipts: [String] = []
  private(set) var refused = 0
  private var refusals = 0
  private(set) var mostAtOnce = 0
  private var underWay = 0

  private var isClosed = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func refuse(_ count: Int) { refusals = count }

  /// Whoever comes waits until `unblock`.
  func block() { isClosed = true }

  func unblock() {
    isClosed = false
    for continuation in waiting { continuation.resume() }
    waiting = []
  }

  func record(_ receipt: Receipt, of invoice: Invoice, for delivery: DeliveryContext) async throws(StageError) {
    underWay += 1
    mostAtOnce = max(mostAtOnce, underWay)
    defer { underWay -= 1 }
    await Task.yield()
    if isClosed { await withCheckedContinuation { waiting.append($0) } }
    guard refusals == 0 else {
      refusals -= 1
      refused += 1
      throw StageError(.recordFailed, "books closed", .retry(after: nil))
    }
    receipts.append(invoice.number)
  }
}
