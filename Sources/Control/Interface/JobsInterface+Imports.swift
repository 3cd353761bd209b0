import Model

extension JobsInterface {
  package enum ImportFormat: String, Codable, Sendable, CaseIterable {
    case csv, jsonl
  }

  /// A line of a manifest that cannot be imported or, as a warning, that a person should look at.
  package struct ImportProblem: Codable, Sendable, Hashable {
    /// From 1; the header row of a CSV is line 1.
    package var line: Int
    /// The manifest's own name for the column; nil when the whole line is meant.
    package var column: String?
    /// Why; `Sentences` has a text for each.
    package var code: String
    /// The text in question.
    package var value: String

    package init(line: Int, column: String?, code: String, value: String) {
      self.line = line
      self.column = column
      self.code = code
      self.value = value
    }

    package init(_ problem: Model.ImportProblem) {
      self.init(line: problem.line, column: problem.column, code: problem.code.rawValue, value: problem.value)
    }
  }

  /// An invoice whose content an import changed.
  package struct ImportChange: Codable, Sendable, Hashable {
    package var number: String
    /// Names of what changed.
    package var fields: [String]

    package init(number: String, fields: [String]) {
      self.number = number
      self.fields = fields
    }
  }

  package struct ImportReport: Codable, Sendable, Hashable {
    package var added: Int
    package var updated: Int
    package var unchanged: Int
    package var bad: Int
    package var warnings: Int
    /// False when a bad line kept the import from changing anything.
    package var applied: Bool

    package init(added: Int, updated: Int, unchanged: Int, bad: Int, warnings: Int, applied: Bool) {
      self.added = added
      self.updated = updated
      self.unchanged = unchanged
      self.bad = bad
      self.warnings = warnings
      self.applied = applied
    }
  }

  package enum BeginImport: VarlinkMethod {
    package static let name = "BeginImport"

    package struct Parameters: Codable, Sendable, Hashable {
      /// Absolute; relative paths of the manifest start here.
      package var folder: String
      package var format: ImportFormat

      package init(folder: String, format: ImportFormat) {
        self.folder = folder
        self.format = format
      }
    }

    package struct Reply: Codable, Sendable, Hashable {
      package var importID: String

      package init(importID: String) { self.importID = importID }

      enum CodingKeys: String, CodingKey {
        case importID = "import"
      }
    }
  }

  package enum AddRows: VarlinkMethod {
    package static let name = "AddRows"
    package typealias Reply = Empty

    /// Bytes of UTF-8 in one call: leaves room for JSON's escapes in a request of 64 KiB.
    package static let maximumTextSizeInBytes = 48 * 1024

    package struct Parameters: Codable, Sendable, Hashable {
      package var importID: String
      package var text: String

      package init(importID: String, text: String) {
        self.importID = importID
        self.text = text
      }

      enum CodingKeys: String, CodingKey {
        case importID = "import"
        case text
      }
    }
  }

  package enum CommitImport: VarlinkMethod {
    package static let name = "CommitImport"
    package static let needsMore = true

    package struct Parameters: Codable, Sendable, Hashable {
      package var importID: String
      package var skipBad: Bool?

      package init(importID: String, skipBad: Bool? = nil) {
        self.importID = importID
        self.skipBad = skipBad
      }

      enum CodingKeys: String, CodingKey {
        case importID = "import"
        case skipBad = "skip_bad"
      }
    }

    /// Pages of problems and warnings, pages of changes, then the report alone.
    package struct Reply: Codable, Sendable, Hashable {
      package var problems: [ImportProblem]?
      package var warnings: [ImportProblem]?
      package var changes: [ImportChange]?
      package var report: ImportReport?

      package init(
        problems: [ImportProblem]? = nil, warnings: [ImportProblem]? = nil, changes: [ImportChange]? = nil,
        report: ImportReport? = nil
      ) {
        self.problems = problems
        self.warnings = warnings
        self.changes = changes
        self.report = report
      }
    }
  }
}
