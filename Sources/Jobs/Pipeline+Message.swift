import Files
import Model
import Store

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
