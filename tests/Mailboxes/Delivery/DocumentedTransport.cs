using EmailTracking.Tests.Mailboxes.Servers;

namespace EmailTracking.Tests.Mailboxes.Delivery;

/// <summary>The transport as <c>docs/mailboxes.md</c> shows it: what people copy is what is tested.</summary>
internal static class DocumentedTransport
{
    private const string Program = "/opt/emailtracking/emailtracking";
    private const string Address = "support@crm.contoso.com";

    /// <summary>The documented lines, with other places: another program, user, gateway and file, and these addresses.</summary>
    internal static PostfixTransport For(string program, string user, string gateway, string file, params string[] addresses)
    {
        using var document = new StreamReader(typeof(DocumentedTransport).Assembly.GetManifestResourceStream("mailboxes.md")!);
        var blocks = document.ReadToEnd().ReplaceLineEndings("\n");
        var master = Replace(Block(blocks, "a transport in `master.cf`"), Program, program);
        master = Replace(master, "user=emailtracking", $"user={user}");
        var transport = Block(blocks, "in `/etc/postfix/transport`");
        return new PostfixTransport(
            Replace(master, "${recipient}", $"${{recipient}} --gateway {gateway}"),
            Replace(Block(blocks, "in `main.cf`"), "/etc/postfix/transport", file),
            string.Join('\n', addresses.Select(address => Replace(transport, Address, address))) + "\n");
    }

    private static string Block(string document, string before)
    {
        const string fence = "```\n";
        var words = document.IndexOf(before, StringComparison.Ordinal);
        Assert.True(words >= 0, $"docs/mailboxes.md does not say {before} any more.");
        var begin = document.IndexOf(fence, words, StringComparison.Ordinal) + fence.Length;
        return document[begin..document.IndexOf(fence, begin, StringComparison.Ordinal)].TrimEnd('\n');
    }

    private static string Replace(string text, string what, string with)
    {
        Assert.Contains(what, text, StringComparison.Ordinal);
        return text.Replace(what, with, StringComparison.Ordinal);
    }
}
