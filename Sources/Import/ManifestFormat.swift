/// How a manifest is written.
package enum ManifestFormat: String, Sendable, Hashable, CaseIterable {
  /// RFC 4180 with a header row.
  case csv
  /// One JSON object a line.
  case jsonl
}
