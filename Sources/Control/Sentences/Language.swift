/// A language that people are spoken to in. French is the default.
package enum Language: String, Codable, Sendable, CaseIterable {
  case fr, en
}
