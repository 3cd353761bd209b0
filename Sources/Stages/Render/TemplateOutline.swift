/// The tags of a template or partial, with the tag that ends what each opens.
struct TemplateOutline: Sendable {
  let file: String
  let tags: [TemplateTag]
  /// For each tag, the place of its closing one; the tag's own place where it closes nothing that is open here.
  let ends: [Int]
  /// Behind the last tag.
  let rest: (textSizeInBytes: Int, lineBreaks: Int)

  /// Reads the tags and checks what the library could not stand.
  ///
  /// - Parameter work: what is left of `TemplateBounds.maximumWork`.
  init(_ text: String, file: String, work: inout Int) throws(TemplateError) {
    self.file = file
    var scanner = TemplateScanner(text)
    var (tags, ends, open): ([TemplateTag], [Int], [Int]) = ([], [], [])
    let size = text.utf8.count
    var marks = 0
    while let tag = scanner.next() {
      func error(_ reason: String) -> TemplateError {
        TemplateError(file: file, line: tag.line, column: tag.column, reason: reason)
      }
      work -= (scanner.marks - marks) * size
      marks = scanner.marks
      guard work >= 0 else {
        throw error("too many tags and braces for a text of \(size) bytes; make it shorter, or write fewer")
      }
      if tag.sigil == "=" { throw error("delimiters cannot be changed; write the tags with {{ and }}") }
      guard !tag.isBroken else { throw error("a line break follows the braces; write the tag on one line") }
      guard tag.isClosed else { throw error("this tag has no end; write }} behind its name") }
      ends.append(tags.count)
      if tag.isOpening {
        open.append(tags.count)
        guard open.count <= TemplateBounds.maximumDepth else {
          throw error("more than \(TemplateBounds.maximumDepth) sections inside each other; take some out")
        }
      } else if tag.sigil == "/", let opening = open.popLast() {
        ends[opening] = tags.count
      }
      tags.append(tag)
    }
    work -= (scanner.marks - marks) * size
    guard work >= 0 else {
      throw TemplateError(
        file: file, reason: "too many braces for a text of \(size) bytes; make it shorter, or write fewer")
    }
    self.tags = tags
    self.ends = ends
    rest = (scanner.textSizeInBytes, scanner.lineBreaks)
  }
}
