import Model

extension JobsInterface {
  /// Parameters of `PlanJob` and `DryRun`.
  package struct Selection: Codable, Sendable, Hashable {
    package var pipeline: String?
    package var filter: Filter
    package var occasion: String?
    package var testTo: String?
    /// As of `Start`.
    package var series: String?

    package init(
      pipeline: String? = nil, filter: Filter, occasion: String? = nil, testTo: String? = nil, series: String? = nil
    ) {
      self.pipeline = pipeline
      self.filter = filter
      self.occasion = occasion
      self.testTo = testTo
      self.series = series
    }

    enum CodingKeys: String, CodingKey {
      case pipeline, filter, occasion, series
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

    /// One delivery, perhaps with a warning, or at last the counts and the jobs that have what is left out.
    package struct Reply: Codable, Sendable, Hashable {
      package var delivery: DeliveryLine?
      package var warning: Warning?
      package var counts: Counts?
      package var others: [OtherJob]?

      package init(
        delivery: DeliveryLine? = nil, warning: Warning? = nil, counts: Counts? = nil, others: [OtherJob]? = nil
      ) {
        self.delivery = delivery
        self.warning = warning
        self.counts = counts
        self.others = others
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
      /// Which series a pipeline that begins goes on with, or `new`: the answer to a `SeriesQuestion`.
      package var series: String?
      package var resendReason: String?
      /// For whom the caller asks.
      package var onBehalfOf: String?

      package init(
        request: String, pipeline: String? = nil, filter: Filter, all: Bool? = nil, occasion: String? = nil,
        testTo: String? = nil, series: String? = nil, resendReason: String? = nil, onBehalfOf: String? = nil
      ) {
        self.request = request
        self.pipeline = pipeline
        self.filter = filter
        self.all = all
        self.occasion = occasion
        self.testTo = testTo
        self.series = series
        self.resendReason = resendReason
        self.onBehalfOf = onBehalfOf
      }

      enum CodingKeys: String, CodingKey {
        case request, pipeline, filter, all, occasion, series
        case testTo = "test_to"
        case resendReason = "resend_reason"
        case onBehalfOf = "on_behalf_of"
      }
    }
  }
}
