/// One record of a CSV text.
package struct CSVRecord: Sendable, Hashable {
  /// Line that the record begins on, from 1; a quoted field may hold more lines.
  package var line: Int
  /// At least one; as written, without the quotes.
  package var fields: [String]

  package init(line: Int, fields: [String]) {
    self.line = line
    self.fields = fields
  }
}

/// A record that cannot be read.
package struct CSVFault: Error, Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    /// A quoted field has no end; all the rest of the text was read as part of it.
    case quoteNotClosed
    /// A quoted field goes on after its closing quote: that quote should have been doubled, or an earlier one is missing.
    case textAfterQuote
    /// The record is longer than `CSVReader.maximumRecordSizeInBytes`.
    case recordTooLong
  }

  package var kind: Kind
  /// Line of the opening quote; of `recordTooLong`: where the record begins.
  package var line: Int
  /// Position of the field in its record, from 0.
  package var field: Int
  /// How the field begins: at most `CSVReader.maximumExcerptSizeInBytes` of it.
  package var excerpt: String

  package init(kind: Kind, line: Int, field: Int, excerpt: String) {
    self.kind = kind
    self.line = line
    self.field = field
    self.excerpt = excerpt
  }
}
