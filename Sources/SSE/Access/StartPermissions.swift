import Foundation

/// Who may start jobs and change them.
enum StartPermissions: Sendable, Hashable {
  case everybody
  case names(Set<String>)

  /// `*`, or names with commas between them; empty: nobody.
  init(_ text: String) {
    self =
      text == "*"
      ? .everybody : .names(Set(text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }))
  }

  func user(_ name: String) -> User {
    switch self {
    case .everybody: User(name: name, mayStart: true)
    case .names(let names): User(name: name, mayStart: names.contains(name))
    }
  }
}
