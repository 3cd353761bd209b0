import ArgumentParser
import Foundation
import Logging
import Store

/// `--check-store`: a line for each thing that is wrong with a store, or one that says that it is well.
enum StoreReport {
  /// Throws the `ExitCode` of what it found.
  static func print(_ folders: Folders, _ log: Logger) throws {
    let path = folders.state + "/store.db"
    guard FileManager.default.fileExists(atPath: path) else {
      log.critical("\(path): there is no store; name its folder with --state")
      throw ExitCode(ExitStatus.configuration.rawValue)
    }
    let check = try StoreCheck(path: path)
    for note in check.notes { Swift.print("\(path): \(note)") }
    guard check.findings.isEmpty else {
      for finding in check.findings { Swift.print("\(path): \(finding)") }
      throw ExitCode(ExitStatus.failure.rawValue)
    }
    Swift.print(
      "\(path): OK, \(check.invoices) invoices, \(check.jobs) jobs, \(check.deliveries) deliveries")
  }
}
