/// Walks through a template and its partials as a rendering does in which every section is taken, and counts.
///
/// A few partials that name each other twice, or a block that is inside itself, are short as texts and have no end when
/// they are rendered.
struct TemplateExpansion {
  /// What stands in the place of a block `{{$name}}`: its own content, or that of the nearest `{{<partial}}` around it.
  private struct Block {
    let outline: TemplateOutline
    let tags: Range<Int>
  }

  private let partials: [String: TemplateOutline]
  private var tags = 0
  private var textSizeInBytes = 0

  /// Throws for the tag with which a bound of `TemplateBounds` is exceeded.
  ///
  /// Takes time by those bounds, not by what the template would become.
  ///
  /// - Parameter partials: those that are named in it or in each other, by their names.
  static func check(_ outline: TemplateOutline, partials: [String: TemplateOutline]) throws(TemplateError) {
    var expansion = TemplateExpansion(partials: partials)
    try expansion.walk(outline, [:], indent: 0, depth: 0)
  }

  private init(partials: [String: TemplateOutline]) { self.partials = partials }

  /// - Parameter indent: blanks that the library puts before each line.
  private mutating func walk(
    _ outline: TemplateOutline, _ blocks: [String: Block], indent: Int, depth: Int
  ) throws(TemplateError) {
    let all = Block(outline: outline, tags: outline.tags.indices)
    try walk(all, blocks, indent: indent, depth: depth)
    textSizeInBytes += outline.rest.textSizeInBytes + outline.rest.lineBreaks * indent
    guard textSizeInBytes <= TemplateBounds.maximumTextSizeInBytes else {
      throw TemplateError(file: outline.file, reason: Self.tooLarge)
    }
  }

  private mutating func walk(
    _ block: Block, _ blocks: [String: Block], indent: Int, depth: Int
  ) throws(TemplateError) {
    let outline = block.outline
    var i = block.tags.lowerBound
    while i < block.tags.upperBound {
      let tag = outline.tags[i]
      let content = Block(outline: outline, tags: i + 1..<outline.ends[i] + 1)
      try count(tag, in: outline, indent: indent, depth: depth)
      switch tag.sigil {
      case "#", "^":
        try walk(content, blocks, indent: indent, depth: depth + 1)
      case "$":
        try walk(blocks[tag.name] ?? content, blocks, indent: indent + tag.blanks, depth: depth + 1)
      case ">", "<":
        guard let partial = partials[tag.name] else { break }
        // The outermost one wins (swift-mustache, MustacheContext.withPartial).
        let inherited = blocks.merging(Self.blocks(of: content)) { outer, _ in outer }
        try walk(partial, inherited, indent: indent + tag.blanks, depth: depth + 1)
      default: break
      }
      i = outline.ends[i] + 1
    }
  }

  /// The blocks that a `{{<partial}}` hands to it.
  private static func blocks(of content: Block) -> [String: Block] {
    var blocks: [String: Block] = [:]
    var i = content.tags.lowerBound
    while i < content.tags.upperBound {
      let end = content.outline.ends[i] + 1
      if content.outline.tags[i].sigil == "$" {
        blocks[content.outline.tags[i].name] = Block(outline: content.outline, tags: i + 1..<end)
      }
      i = end
    }
    return blocks
  }

  private mutating func count(
    _ tag: TemplateTag, in outline: TemplateOutline, indent: Int, depth: Int
  ) throws(TemplateError) {
    tags += 1
    textSizeInBytes += tag.textSizeInBytes + (tag.lineBreaks + 1) * indent
    let reason: String
    if depth > TemplateBounds.maximumDepth {
      reason = "more than \(TemplateBounds.maximumDepth) sections and partials inside each other; take some out"
    } else if tags > TemplateBounds.maximumTags {
      reason =
        "more than \(TemplateBounds.maximumTags) tags, those of a partial counted each time it is named; write fewer"
    } else if textSizeInBytes > TemplateBounds.maximumTextSizeInBytes {
      reason = Self.tooLarge
    } else {
      return
    }
    throw TemplateError(file: outline.file, line: tag.line, column: tag.column, reason: reason)
  }

  private static let tooLarge =
    "more than \(TemplateBounds.maximumTextSizeInBytes) bytes, those of a partial counted each time it is named; "
    + "make it shorter"
}
