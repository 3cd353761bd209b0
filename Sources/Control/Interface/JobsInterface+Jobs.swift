import Foundation
import Model

extension JobsInterface {
  package enum GetStatus: VarlinkMethod {
    package static let name = "GetStatus"
    package static let isReadOnly = true
    package typealias Parameters = Empty

    package struct Reply: Codable, Sendable, Hashable {
      package var version: String
      /// The store's random epoch, the first part of every event's id.
      package var epoch: String
      package var startedAt: Date
      package var pipelines: [PipelineStatus]
      /// The jobs that are not finished.
      package var jobs: [Job]
      /// Invoices in the catalogue.
      package var invoices: Int

      package init(
        version: String, epoch: String, startedAt: Date, pipelines: [PipelineStatus], jobs: [Job], invoices: Int
      ) {
        self.version = version
        self.epoch = epoch
        self.startedAt = startedAt
        self.pipelines = pipelines
        self.jobs = jobs
        self.invoices = invoices
      }

      enum CodingKeys: String, CodingKey {
        case version, epoch, pipelines, jobs, invoices
        case startedAt = "started_at"
      }
    }
  }

  /// Parameters of the methods that name one job.
  package struct JobID: Codable, Sendable, Hashable {
    package var job: Int64

    package init(job: Int64) { self.job = job }
  }

  /// Parameters of the methods that change one job.
  package struct JobChange: Codable, Sendable, Hashable {
    package var job: Int64
    /// For whom the caller asks.
    package var onBehalfOf: String?

    package init(job: Int64, onBehalfOf: String? = nil) {
      self.job = job
      self.onBehalfOf = onBehalfOf
    }

    enum CodingKeys: String, CodingKey {
      case job
      case onBehalfOf = "on_behalf_of"
    }
  }

  /// Reply of the methods that answer with a job.
  package struct JobReply: Codable, Sendable, Hashable {
    package var job: Job

    package init(job: Job) { self.job = job }
  }

  package enum GetJob: VarlinkMethod {
    package static let name = "GetJob"
    package static let isReadOnly = true
    package typealias Parameters = JobID
    package typealias Reply = JobReply
  }

  package enum ListJobs: VarlinkMethod {
    package static let name = "ListJobs"
    package static let isReadOnly = true

    package struct Parameters: Codable, Sendable, Hashable {
      package var after: Int64?
      package var limit: Int?

      package init(after: Int64? = nil, limit: Int? = nil) {
        self.after = after
        self.limit = limit
      }
    }

    package struct Reply: Codable, Sendable, Hashable {
      /// The newest first.
      package var jobs: [Job]
      /// Nil on the last page.
      package var next: Int64?

      package init(jobs: [Job], next: Int64?) {
        self.jobs = jobs
        self.next = next
      }
    }
  }

  package enum Pause: VarlinkMethod {
    package static let name = "Pause"
    package typealias Parameters = JobChange
    package typealias Reply = JobReply
  }

  package enum Resume: VarlinkMethod {
    package static let name = "Resume"
    package typealias Parameters = JobChange
    package typealias Reply = JobReply
  }

  package enum Cancel: VarlinkMethod {
    package static let name = "Cancel"
    package typealias Parameters = JobChange
    package typealias Reply = JobReply
  }

  package enum Watch: VarlinkMethod {
    package static let name = "Watch"
    package static let isReadOnly = true
    package static let needsMore = true

    package struct Parameters: Codable, Sendable, Hashable {
      /// Nil: all jobs.
      package var job: Int64?
      /// Resumes strictly after this event.
      package var after: String?

      package init(job: Int64? = nil, after: String? = nil) {
        self.job = job
        self.after = after
      }
    }

    /// The first reply: `snapshot` (of one job), `last` (the newest event that it contains), `recent`, or `reset`.
    /// Later ones: `event`, and `last` alone behind those that were there when watching was resumed. The last, when the
    /// job is finished, or waits for a person: `end`.
    package struct Reply: Codable, Sendable, Hashable {
      package var reset: Bool?
      package var snapshot: Job?
      package var last: String?
      package var recent: [Event]?
      package var event: Event?
      package var end: Bool?

      package init(
        reset: Bool? = nil, snapshot: Job? = nil, last: String? = nil, recent: [Event]? = nil, event: Event? = nil,
        end: Bool? = nil
      ) {
        self.reset = reset
        self.snapshot = snapshot
        self.last = last
        self.recent = recent
        self.event = event
        self.end = end
      }
    }
  }
}
