using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using EmailTracking.Client.Readers;

namespace EmailTracking.Tests.Unit.Readers;

public partial class MboxPropertyTests
{
    // Only the blank line before it makes this a separator, so no look at what came before may go wrong.
    private const string Separator = "From ana Thu Jan  1 00:00:00 1970";

    private static readonly Gen<string> _genEnd = Gen.OneOfConst("\n", "\r\n");

    // The smallest ones end in the middle of everything.
    private static readonly Gen<int> _genBufferBytes = Gen.OneOf(Gen.Int[1, 8], Gen.Int[1, 300]);

    // Lines that a reader could mistake are far more frequent here than in mail.
    private static readonly Gen<string> _genLine = Gen.OneOf(
        Gen.OneOfConst("", "\r", ">", "From", "From ", ">From ", ">>>From x", "A: 1", Separator, ">" + Separator),
        Gen.Char['\0', '\u00FF'].Array[0, 80].Select(characters => new string(characters)));

    private static readonly Gen<string> _genMessage =
        Gen.Select(_genLine, _genEnd).Select((line, end) => line + end).Array[0, 12].Select(string.Concat);

    // A file is recognised by a first part of it that is read whole; the messages that follow are read bit by bit.
    private static readonly string _firstMessage = "A: 1\n\n" + new string('x', 5000) + "\n";

    private static readonly Gen<(string[] Messages, string File)> _genMailbox =
        Gen.Select(_genMessage.Array[1, 8], _genEnd)
            .Select((messages, end) => (Messages: (string[])[_firstMessage, .. messages], end))
            .Select((messages, end) => (messages, Write(messages, end)));

    [Fact]
    public async Task What_is_written_as_mboxrd_is_read_back_byte_for_byte() =>
        await Gen.Select(_genMailbox, _genBufferBytes).SampleAsync(async (mailbox, bufferBytes) =>
        {
            var items = await Reading.ReadAsync(mailbox.File, new MailFilesOptions { ReadBufferBytes = bufferBytes });

            Assert.Equal(mailbox.Messages, items.Select(Reading.Text));
            Assert.All(items, item => Assert.Null(item.Problem));
        });

    [Fact]
    public async Task Offsets_lead_to_separators() =>
        await Gen.Select(_genMailbox, _genBufferBytes).SampleAsync(async (mailbox, bufferBytes) =>
        {
            var items = await Reading.ReadAsync(mailbox.File, new MailFilesOptions { ReadBufferBytes = bufferBytes });

            Assert.All(items, item => Assert.Equal(Separator, mailbox.File.Substring((int)item.Source.Offset, Separator.Length)));
            Assert.Equal(Enumerable.Range(1, items.Count), items.Select(item => (int)item.Source.Ordinal));
        });

    [Fact]
    public async Task The_size_limit_passes_over_the_same_messages_whatever_the_buffer() =>
        await Gen.Select(_genMailbox, Gen.Int[-2, 2], _genBufferBytes).SampleAsync(async (mailbox, more, bufferBytes) =>
        {
            var bytesMax = Math.Max(1, mailbox.Messages[1].Length + more);
            var options = new MailFilesOptions { MessageBytesMax = bytesMax, Quoting = MboxQuoting.Mboxo };

            var expected = await Reading.ReadAsync(mailbox.File, options with { MessageBytesMax = 1_000_000 });
            var items = await Reading.ReadAsync(mailbox.File, options with { ReadBufferBytes = bufferBytes });

            Assert.Equal(
                expected.Select(item => item.Content.Length > bytesMax ? "too large" : Reading.Text(item)),
                items.Select(item => item.Problem?.Kind == MailProblemKind.TooLarge ? "too large" : Reading.Text(item)));
        }, iter: 1000);

    [Fact]
    public async Task A_compressed_mailbox_cut_anywhere_gives_what_came_before_and_says_so() =>
        await Gen.Select(_genMailbox, Gen.Double[0, 1], _genBufferBytes).SampleAsync(async (mailbox, cut, bufferBytes) =>
        {
            var compressed = Reading.Gzip(Reading.Bytes(mailbox.File));
            var length = 3 + (int)(cut * (compressed.Length - 4));

            var items = await Reading.ReadAsync(compressed[..length], new MailFilesOptions { ReadBufferBytes = bufferBytes });

            Assert.Equal(MailProblemKind.Truncated, items[^1].Problem?.Kind);
            Assert.All(items[..^1], item => Assert.Null(item.Problem));
            Assert.Equal(mailbox.Messages.Take(items.Count - 1), items[..^1].Select(Reading.Text));
        });

    private static string Write(string[] messages, string end)
    {
        var file = new StringBuilder();
        foreach (var message in messages)
        {
            file.Append(Separator).Append(end).Append(MboxrdLine().Replace(message, ">$0")).Append(end);
        }

        return file.ToString();
    }

    [GeneratedRegex("^>*From ", RegexOptions.Multiline)]
    private static partial Regex MboxrdLine();
}
