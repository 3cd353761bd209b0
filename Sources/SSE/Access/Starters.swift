import Foundation

/// Who may start jobs and change them.
enum Starters: Sendable, Hashable {
  case everybody
  case names(Set<String>)

  /// `*`, or names with commas between them; empty: nobody.
  init(_ text: String) {
    self =
      text == "*"
      ? .everybody : .names(Set(text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }))
  }

  func visitor(_ name: String) -> Visitor {
    switch self {
    case .everybody: Visitor(name: name, mayStart: true)
    case .names(let names): Visitor(name: name, mayStart: names.contains(name))
    }
  }
}
