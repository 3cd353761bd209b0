import Foundation
import Mail

/// One HTTP request.
package struct TransferRequest: Sendable {
  package enum Method: String, Sendable { case get = "GET", post = "POST", delete = "DELETE" }

  package enum Body: Sendable {
    case none
    case bytes(Data)
    /// Read from its files while it is sent, on the loop's thread; its length is known before.
    case mail(MailBody)
  }

  /// What ends a request that the other side does not end. The time to connect has a bound of its own.
  package enum Deadline: Sendable, Hashable {
    /// From the start to the last byte of the answer, name look-up included.
    case total(Duration)
    /// So long without a byte of the body leaving: for uploads, whose total time nobody can name. Once the body has left,
    /// the whole answer has this long: its bytes are no progress, or one that drips would never end.
    case stall(Duration)
  }

  package var method: Method
  package var url: TrustedURL
  /// Names and values without CR or LF; may hold secrets, and is never printed.
  package var headers: [(name: String, value: String)]
  package var body: Body
  package var deadline: Deadline
  /// DNS, TCP and TLS together.
  package var connectTimeout: Duration = .seconds(10)
  /// The request is never sent a second time once a byte of its body has left.
  ///
  /// Without it libcurl repeats a request, silently, when a reused connection ends before an answer
  /// (`Curl_retry_request` in its transfer.c); it must rewind the body for that, and cannot here.
  package var neverRepeat = false
  /// False: a cancelled task still waits for the answer, and only the deadline ends the request.
  package var hearsCancellation = true

  package init(
    _ method: Method, _ url: TrustedURL, headers: [(name: String, value: String)] = [], body: Body = .none,
    deadline: Deadline
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.deadline = deadline
  }
}
