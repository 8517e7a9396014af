using EmailTracking.Client.Previewing;
using EmailTracking.Client.Readers;
using EmailTracking.Preview;

namespace EmailTracking.Silo.Web;

/// <summary>One preview of the page: the file on its way, and how far it is.</summary>
internal sealed class PageSession(MailPreview preview)
{
    private long _bytes;
    private int _fed;

    public MailPreview Preview => preview;

    /// <summary>Bytes of the file that were read.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Why the file was refused; null when it was not.</summary>
    public string? Problem { get; private set; }

    /// <summary>When it was last asked something.</summary>
    public DateTimeOffset UsedOn { get; set; }

    /// <summary>Takes the file, once.</summary>
    /// <param name="body">The file.</param>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">The page went away.</param>
    /// <exception cref="PreviewException">It is too large, there is no mail in it, or one was taken already: what to do is said.</exception>
    public async Task FeedAsync(Stream body, string name, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _fed, 1) != 0)
        {
            throw new PreviewException("This preview has its file already. Begin another.");
        }

        try
        {
            await using var counted = new CountedStream(body, this);
            var summary = await preview.FeedAsync(
                MailFiles.Read(counted, name, cancellationToken: cancellationToken), (_, _) => { }, cancellationToken);
            if (summary.Progress.Decided == 0)
            {
                throw new PreviewException(summary.Problems.IsEmpty
                    ? "There is no mail in this file. Nothing was changed."
                    : $"There is no mail in this file. {summary.Problems[0].Advice}");
            }
        }
        catch (PreviewException problem)
        {
            Problem = problem.Message;
            throw;
        }
    }

    /// <summary>Counts what is read, and stops at what is taken.</summary>
    private sealed class CountedStream(Stream inner, PageSession session) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => session.Bytes;
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            session.Preview.CheckSize(Interlocked.Add(ref session._bytes, count));
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
