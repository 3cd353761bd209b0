/// Who asks, and what they may do. The history shows the name.
struct User: Sendable, Hashable {
  var name: String
  /// Start, pause, resume, cancel and retry jobs; everybody else only looks.
  var mayStart: Bool
}
