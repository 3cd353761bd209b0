import Model

extension JobsInterface {
  /// Parameters of `PlanJob` and `DryRun`.
  package struct Selection: Codable, Sendable, Hashable {
    package var pipeline: String?
    package var filter: Filter
    package var occasion: String?
    package var testTo: String?

    package init(
      pipeline: String? = nil, filter: Filter, occasion: String? = nil, testTo: String? = nil
    ) {
      self.pipeline = pipeline
      self.filter = filter
      self.occasion = occasion
      self.testTo = testTo
    }

    enum CodingKeys: String, CodingKey {
      case pipeline, filter, occasion
      case testTo = "test_to"
    }
  }

  package enum PlanJob: VarlinkMethod {
    package static let name = "PlanJob"
    package static let isReadOnly = true
    package typealias Parameters = Selection

    package struct Reply: Codable, Sendable, Hashable {
      package var plan: Plan

      package init(plan: Plan) { self.plan = plan }
    }
  }

  package enum DryRun: VarlinkMethod {
    package static let name = "DryRun"
    package static let isReadOnly = true
    package static let needsMore = true
    package typealias Parameters = Selection

    /// What looks like a mistake in an invoice that is ready to be sent.
    package struct Warning: Codable, Sendable, Hashable {
      package var number: String
      /// One of the warnings of an import; `Sentences` has a text for each.
      package var code: String
      /// The text in question.
      package var value: String

      package init(number: String, code: String, value: String) {
        self.number = number
        self.code = code
        self.value = value
      }
    }

    /// One delivery, perhaps with a warning, or at last the counts.
    package struct Reply: Codable, Sendable, Hashable {
      package var delivery: DeliveryLine?
      package var warning: Warning?
      package var counts: Counts?

      package init(delivery: DeliveryLine? = nil, warning: Warning? = nil, counts: Counts? = nil) {
        self.delivery = delivery
        self.warning = warning
        self.counts = counts
      }
    }
  }

  package enum Start: VarlinkMethod {
    package static let name = "Start"
    package typealias Reply = JobReply

    package struct Parameters: Codable, Sendable, Hashable {
      /// Chosen by the caller, anew for every wish to start.
      package var request: String
      package var pipeline: String?
      package var filter: Filter
      /// True: every due invoice is meant. Wanted where the filter names no customer, no month and no numbers, and
      /// refused beside one that does.
      package var all: Bool?
      package var occasion: String?
      package var testTo: String?
      package var resendReason: String?
      /// For whom the caller asks.
      package var onBehalfOf: String?

      package init(
        request: String, pipeline: String? = nil, filter: Filter, all: Bool? = nil, occasion: String? = nil,
        testTo: String? = nil, resendReason: String? = nil, onBehalfOf: String? = nil
      ) {
        self.request = request
        self.pipeline = pipeline
        self.filter = filter
        self.all = all
        self.occasion = occasion
        self.testTo = testTo
        self.resendReason = resendReason
        self.onBehalfOf = onBehalfOf
      }

      enum CodingKeys: String, CodingKey {
        case request, pipeline, filter, all, occasion
        case testTo = "test_to"
        case resendReason = "resend_reason"
        case onBehalfOf = "on_behalf_of"
      }
    }
  }
}
