namespace EmailTracking.Tests.Crash.Host;

/// <summary>Where a silo can be told to die.</summary>
public enum Point
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>A message has arrived, nothing was done.</summary>
    IntakeBefore,

    /// <summary>Its raw bytes are about to be kept.</summary>
    ContentBefore,

    /// <summary>Its raw bytes are kept, nothing is decided.</summary>
    ContentAfter,

    /// <summary>A change is decided, and not handed to the writer.</summary>
    CommitBefore,

    /// <summary>A change is handed to the writer, which has not answered.</summary>
    CommitInside,

    /// <summary>A change is durable, and nobody was told.</summary>
    CommitAfter,

    /// <summary>The answer to the client is ready, and not sent.</summary>
    AnswerBefore,

    /// <summary>Mail that lost its race is about to be put off.</summary>
    DeferBefore,

    /// <summary>Mail that lost its race was put off, and nobody was told.</summary>
    DeferAfter,

    /// <summary>Due items were read from the outbox, and nothing was done.</summary>
    DueAfter,

    /// <summary>A part of a large message is staged.</summary>
    StageAfter,

    /// <summary>A large message is decided, and its parts are still there.</summary>
    DiscardBefore,
}
