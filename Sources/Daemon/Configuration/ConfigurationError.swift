import Stages

/// Why the configuration cannot be used: the file, the place and what to do, in one line. The daemon exits with 78.
struct ConfigurationError: Error, CustomStringConvertible {
  var file: String
  var error: SettingsError?
  var text: String

  init(file: String, _ error: SettingsError) {
    self.file = file
    self.error = error
    text = error.text
  }

  init(file: String, _ text: String) {
    self.file = file
    self.text = text
  }

  var description: String {
    guard let place = error?.place else { return "\(file): \(text)" }
    return "\(file):\(place.line):\(place.column): \(text)"
  }
}
