import Foundation
import Model

/// Why a file cannot be taken.
package struct FileAccessError: Error, Sendable, Hashable {
  /// `fileMissing`, `fileForbidden`, `fileUnreadable` or `fileChanged`.
  package let code: ErrorCode
  /// As it was asked for.
  package let path: String
  /// In words, errno's where there was one.
  package let text: String

  package init(_ code: ErrorCode, _ path: String, _ text: String) {
    self.code = code
    self.path = path
    self.text = text
  }

  init(_ error: SystemCallError) {
    let missing = error.number == ENOENT || error.number == ENOTDIR
    self.init(missing ? .fileMissing : .fileUnreadable, error.path, error.reason)
  }

  /// As a stage reports it: this delivery cannot succeed as it is.
  package var stageError: StageError {
    StageError(code, "\(path): \(text)", .reject)
  }
}

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
