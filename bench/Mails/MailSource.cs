using EmailTracking.Client.Readers;

namespace EmailTracking.Bench.Mails;

/// <summary>As many different mails as one likes: replicas of a corpus, or of made-up mail where none is given.</summary>
/// <remarks>
/// EMAILTRACKING_CORPORA names a folder with <c>threads/*.mbox.gz</c>, a list each. Every process makes the same mails.
/// </remarks>
public sealed class MailSource
{
    private readonly List<MailTemplate> _templates;

    private MailSource(List<MailTemplate> templates, string name)
    {
        (_templates, Name) = (templates, name);
        Mailboxes = [.. templates.Select(template => template.Mailbox).Distinct()];
    }

    /// <summary>What the mails are made of.</summary>
    public string Name { get; }

    /// <summary>The mailboxes that they go to, one for each list.</summary>
    public IReadOnlyList<string> Mailboxes { get; }

    /// <summary>How many mails there are before they come again as replicas.</summary>
    public int Count => _templates.Count;

    /// <summary>The mail with a number, 0 or more; each number is another mail.</summary>
    public (string Mailbox, byte[] Mail) this[int number]
    {
        get
        {
            var template = _templates[number % _templates.Count];
            return (template.Mailbox, template.Replica(number / _templates.Count));
        }
    }

    public static async Task<MailSource> OpenAsync()
    {
        if (Environment.GetEnvironmentVariable("EMAILTRACKING_CORPORA") is not { Length: > 0 } folder)
        {
            var made = MadeUpMails.Templates();
            return new MailSource(made, $"{made.Count:n0} made-up mails");
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        var mails = new List<(double Place, MailTemplate Mail)>();
        var bytes = 0L;
        foreach (var file in Directory.GetFiles(Path.Combine(folder, "threads"), "*.mbox.gz").Order(StringComparer.Ordinal))
        {
            var list = new List<MailTemplate>();
            await foreach (var item in MailFiles.Read(file))
            {
                // Copies of a mail are dropped: what is measured is new mail.
                var template = new MailTemplate($"{Path.GetFileName(file).Split('.')[0]}@contoso.com", item.Content.ToArray());
                if (template.Id is { } id && ids.Add(id))
                {
                    list.Add(template);
                    bytes += item.Content.Length;
                }
            }

            // The lists' mail comes mixed, each list's in its order.
            mails.AddRange(list.Select((mail, i) => ((i + 0.5) / list.Count, mail)));
        }

        return new MailSource(
            [.. mails.OrderBy(mail => mail.Place).Select(mail => mail.Mail)],
            $"{mails.Count:n0} list mails of {bytes / mails.Count:n0} bytes on average");
    }
}
