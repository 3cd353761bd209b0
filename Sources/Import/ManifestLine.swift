import Foundation
import Model

/// One line of a manifest with everything but its files checked: what `FileCheck` takes.
package struct ManifestLine: Sendable, Hashable {
  /// A file that the line names.
  package struct NamedFile: Sendable, Hashable {
    /// The manifest's own name for the column.
    package var column: String
    /// Absolute; neither links nor `..` are resolved.
    package var path: String
  }

  /// More of them about one line tell nobody anything.
  static let maximumProblems = 50

  /// From 1, where the record begins.
  package var line: Int
  /// What is wrong with its text, at most 50 problems; with any, there is no invoice.
  package var problems: [ImportProblem]
  /// What a person should look at although it is imported, at most 50.
  package var warnings: [ImportProblem]
  /// Its files have a path, but neither size nor digest yet.
  package var invoice: Invoice?
  /// When another system sent it; nil: to be sent by us.
  package var sentAt: Date?
  /// The PDF; nil when the line names none.
  package var file: NamedFile?
  package var attachments: [NamedFile]
}

/// What became of one line of a manifest.
package enum CheckedLine: Sendable, Hashable {
  /// Nothing is wrong with it as far as it is known without the catalogue.
  case invoice(line: Int, Invoice, sentAt: Date?)
  /// At least one problem.
  case problems([ImportProblem])
}
