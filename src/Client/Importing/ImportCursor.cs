using EmailTracking.Client.Readers;

namespace EmailTracking.Client.Importing;

/// <summary>How far an import has come: the last mail of those that are answered without a gap from the beginning.</summary>
/// <remarks>Answers come in any order; a position behind an unanswered mail would lose that mail when the import goes on.</remarks>
internal sealed class ImportCursor(MailSource? start)
{
    private readonly Lock _lock = new();
    private readonly Queue<Step> _steps = new();
    private MailSource? _position = start;

    /// <summary>The last mail up to which all are answered; null when not even the first is.</summary>
    public MailSource? Position
    {
        get
        {
            lock (_lock)
            {
                return _position;
            }
        }
    }

    /// <summary>The next mail, in the order of reading.</summary>
    public Step Begin(MailSource source)
    {
        var step = new Step(source);
        lock (_lock)
        {
            _steps.Enqueue(step);
        }

        return step;
    }

    /// <summary>A mail is answered for.</summary>
    public void Finish(Step step)
    {
        lock (_lock)
        {
            step.IsDone = true;
            while (_steps.TryPeek(out var first) && first.IsDone)
            {
                _position = _steps.Dequeue().Source;
            }
        }
    }

    internal sealed class Step(MailSource source)
    {
        public MailSource Source => source;

        public bool IsDone { get; set; }
    }
}
