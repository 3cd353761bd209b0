import Foundation

/// A system call that failed: call, object and errno travel together.
package struct SystemCallError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Name of the call, such as `rename`.
  package let call: String
  package let path: String
  /// errno(3).
  package let number: CInt

  package init(_ call: String, _ path: String, _ number: CInt = errno) {
    self.call = call
    self.path = path
    self.number = number
  }

  /// The C library's words for the number.
  package var reason: String { String(cString: strerror(number)) }

  package var description: String { "\(call) \(path): \(reason)" }
}

/// Repeats a call as long as a signal interrupts it; returns what it returned at last.
func uninterrupted<Value: SignedInteger>(_ call: () -> Value) -> Value {
  while true {
    let value = call()
    if value != -1 || errno != EINTR { return value }
  }
}
