import Model

extension JobsInterface {
  package enum ListActions: VarlinkMethod {
    package static let name = "ListActions"
    package static let isReadOnly = true

    package struct Parameters: Codable, Sendable, Hashable {
      package var job: Int64?
      package var number: String?
      /// An action's id: all older ones.
      package var after: Int64?
      package var limit: Int?

      package init(job: Int64? = nil, number: String? = nil, after: Int64? = nil, limit: Int? = nil) {
        self.job = job
        self.number = number
        self.after = after
        self.limit = limit
      }
    }

    package struct Reply: Codable, Sendable, Hashable {
      /// The newest first.
      package var actions: [Action]
      /// Nil on the last page.
      package var next: Int64?

      package init(actions: [Action], next: Int64?) {
        self.actions = actions
        self.next = next
      }
    }
  }
}
