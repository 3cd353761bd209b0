import Model

/// One record of a manifest, in either format, before anything of it is checked.
struct ManifestRow {
  struct Cell {
    /// The manifest's own name for the column.
    var header: String
    var field: ManifestField
    var content: Content
  }

  enum Content {
    /// A cell of a table, or a JSON string, number or boolean: a list is written with separators.
    case text(String)
    /// A JSON array of strings.
    case list([String])
  }

  /// From 1.
  var line: Int
  var cells: [Cell]
  /// What was wrong with the record itself.
  var problems: [ImportProblem] = []
}
