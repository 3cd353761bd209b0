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
