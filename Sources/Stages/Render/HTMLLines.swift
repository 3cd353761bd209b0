import Mustache

/// How values stand in HTML: escaped, and with the lines that they have in the manifest, such as those of a postal
/// address. Mail programs show a line break of the source as a blank.
struct HTMLLines: MustacheContentType {
  /// The content type's name for the library, which knows it from the first use of this on.
  static let name = {
    let name = "HTML_LINES"
    MustacheContentTypes.register(HTMLLines(), named: name)
    return name
  }()

  func escapeText(_ text: String) -> String {
    var html = ""
    var previous: Unicode.Scalar?
    // By scalars: a mark behind a bracket makes no other character of it.
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": html += "&lt;"
      case ">": html += "&gt;"
      case "&": html += "&amp;"
      case "\"": html += "&quot;"
      case "'": html += "&#39;"
      case "\n" where previous == "\r": break
      case "\n", "\r", "\u{2028}", "\u{2029}": html += "<br>\n"
      default: html.unicodeScalars.append(scalar)
      }
      previous = scalar
    }
    return html
  }
}
