import Foundation

/// The programs of this package as they were built together with the tests.
package enum Programs {
  /// The folder beside the test bundle.
  package static var folder: String {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (own as NSString).deletingLastPathComponent
  }

  /// Path of `invoiced`, `invoicectl` or `invoiced-sandbox`; a name that is none of them is looked for in $PATH.
  package static func path(of name: String) -> String {
    let built = "\(folder)/\(name)"
    return FileManager.default.isExecutableFile(atPath: built) ? built : name
  }
}
