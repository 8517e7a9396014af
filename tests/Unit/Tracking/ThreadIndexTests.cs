using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Tracking;

public sealed class ThreadIndexTests
{
    [Theory]
    //          bytes first -> depth, -1 for none
    [InlineData(22, 0x01,      0)]
    [InlineData(27, 0x01,      1)]
    [InlineData(32, 0x01,      2)]
    [InlineData(21, 0x01,     -1)]    // Too short for a root.
    [InlineData(23, 0x01,     -1)]    // Half a reply.
    [InlineData(26, 0x01,     -1)]
    [InlineData(22, 0x00,     -1)]    // Zimbra writes 22 bytes of its own.
    [InlineData(22, 0xac,     -1)]
    public void Only_Microsofts_form_counts(int length, byte first, int depth)
    {
        var bytes = new byte[length];
        bytes[0] = first;
        Assert.Equal(depth >= 0, ThreadIndex.TryParse(Convert.ToBase64String(bytes), out var index));
        Assert.Equal(Math.Max(depth, 0), index.Depth);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not base64!")]
    public void Anything_else_is_none(string? header) => Assert.False(ThreadIndex.TryParse(header, out _));

    [Fact]
    public void A_folded_header_reads_the_same()
    {
        var text = An.Email("m").Indexed(7, 3).Index!;
        Assert.True(ThreadIndex.TryParse(text, out var whole));
        Assert.True(ThreadIndex.TryParse(text[..10] + "\r\n\t" + text[10..], out var folded));
        Assert.Equal(whole, folded);
    }

    [Fact]
    public void Replies_have_the_root_of_the_first_mail_and_other_conversations_another()
    {
        Assert.True(ThreadIndex.TryParse(An.Email("m").Indexed(7, 0).Index, out var first));
        Assert.True(ThreadIndex.TryParse(An.Email("m").Indexed(7, 4).Index, out var reply));
        Assert.True(ThreadIndex.TryParse(An.Email("m").Indexed(8, 0).Index, out var other));
        Assert.Equal(first.Root, reply.Root);
        Assert.NotEqual(first.Root, other.Root);
    }

    [Fact]
    public void An_over_long_header_is_none() =>
        Assert.False(ThreadIndex.TryParse(An.Email("m").Indexed(7, 1000).Index, out _));
}
