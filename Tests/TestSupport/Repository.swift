import Foundation

/// The source tree that the tests were built from.
package enum Repository {
  /// Absolute path of a file in it.
  package static func path(_ name: String) -> String {
    URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL.path + "/" + name
  }
}
