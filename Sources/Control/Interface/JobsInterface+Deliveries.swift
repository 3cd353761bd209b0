import Model

extension JobsInterface {
  package enum ListDeliveries: VarlinkMethod {
    package static let name = "ListDeliveries"
    package static let isReadOnly = true

    package struct Parameters: Codable, Sendable, Hashable {
      package var job: Int64?
      package var states: [DeliveryState]?
      package var period: String?
      /// Of one job: a position; of all jobs: a delivery's id.
      package var after: Int64?
      package var limit: Int?

      package init(
        job: Int64? = nil, states: [DeliveryState]? = nil, period: String? = nil, after: Int64? = nil,
        limit: Int? = nil
      ) {
        self.job = job
        self.states = states
        self.period = period
        self.after = after
        self.limit = limit
      }
    }

    package struct Reply: Codable, Sendable, Hashable {
      package var deliveries: [Delivery]
      /// Nil on the last page.
      package var next: Int64?

      package init(deliveries: [Delivery], next: Int64?) {
        self.deliveries = deliveries
        self.next = next
      }
    }
  }

  package enum Retry: VarlinkMethod {
    package static let name = "Retry"

    package struct Parameters: Codable, Sendable, Hashable {
      package var job: Int64
      package var includePermanent: Bool?
      /// With `attempt`: one delivery, as it was seen.
      package var position: Int?
      package var attempt: Int?
      /// For whom the caller asks.
      package var onBehalfOf: String?

      package init(
        job: Int64, includePermanent: Bool? = nil, position: Int? = nil, attempt: Int? = nil,
        onBehalfOf: String? = nil
      ) {
        self.job = job
        self.includePermanent = includePermanent
        self.position = position
        self.attempt = attempt
        self.onBehalfOf = onBehalfOf
      }

      enum CodingKeys: String, CodingKey {
        case job, position, attempt
        case includePermanent = "include_permanent"
        case onBehalfOf = "on_behalf_of"
      }
    }

    package struct Reply: Codable, Sendable, Hashable {
      package var job: Job
      package var retried: Int

      package init(job: Job, retried: Int) {
        self.job = job
        self.retried = retried
      }
    }
  }

  package enum Resolve: VarlinkMethod {
    package static let name = "Resolve"

    package enum Outcome: String, Codable, Sendable, CaseIterable {
      case sent
      case notSent = "not_sent"
    }

    package struct Parameters: Codable, Sendable, Hashable {
      package var job: Int64
      package var position: Int
      /// The attempt that the person saw.
      package var attempt: Int
      package var outcome: Outcome
      package var force: Bool?

      package init(job: Int64, position: Int, attempt: Int, outcome: Outcome, force: Bool? = nil) {
        self.job = job
        self.position = position
        self.attempt = attempt
        self.outcome = outcome
        self.force = force
      }
    }

    package struct Reply: Codable, Sendable, Hashable {
      package var delivery: Delivery

      package init(delivery: Delivery) { self.delivery = delivery }
    }
  }
}
