namespace EmailTracking.Silo.Pages.Conversations;

/// <summary>An email or a conversation as people name it: by an id, or by the address of its page.</summary>
internal static class MailText
{
    private static readonly string[] Pages = ["emails", "conversations"];

    /// <summary>The id in it; the text itself when it is no address of such a page.</summary>
    public static string NameIn(string text)
    {
        text = text.Trim();
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" &&
            address.AbsolutePath.Trim('/').Split('/') is [.., var page, var name] && Pages.Contains(page)
                ? Uri.UnescapeDataString(name)
                : text;
    }
}
