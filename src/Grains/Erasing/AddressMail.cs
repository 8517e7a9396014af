using System.Collections.Immutable;
using EmailTracking.Intake;
using EmailTracking.Storage;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Erasing;

/// <summary>Everything that is stored of an address.</summary>
/// <param name="Tracked">The emails whose participants are kept.</param>
/// <param name="Emails">The keys of all emails, those included.</param>
/// <param name="Letters">Raw mail of dead letters, by hash.</param>
public sealed record FoundMail(ImmutableArray<ErasableEmail> Tracked, ImmutableArray<MessageKey> Emails, ImmutableArray<string> Letters);

/// <summary>Finds the mail of an address: tracked mail by its participants, all other by reading the raw mail that is kept.</summary>
public sealed class AddressMail(IErasures erasures, IContentStore contents, IMailParser parser)
{
    private const int PageMax = 4096;

    /// <summary>Finds it.</summary>
    /// <remarks>
    /// What is not tracked is looked at first: mail that is tracked meanwhile is found by its participants then. What begins to be
    /// stored while this runs came after it.
    /// </remarks>
    public async Task<FoundMail> FindAsync(string organization, EmailAddress address, CancellationToken cancellationToken)
    {
        var keys = new HashSet<MessageKey>();
        var letters = ImmutableArray.CreateBuilder<string>();
        foreach (var raw in await erasures.ReadKeptAsync(organization, cancellationToken))
        {
            if (await contents.GetAsync(organization, raw.Hash, cancellationToken) is { } content && TakesPart(content, address))
            {
                keys.UnionWith(raw.Emails);
                if (raw.IsLetter)
                {
                    letters.Add(raw.Hash);
                }
            }
        }

        var tracked = ImmutableArray.CreateBuilder<ErasableEmail>();
        for (long after = 0; ;)
        {
            var page = await erasures.FindByAddressAsync(organization, address, after, PageMax, cancellationToken);
            if (page.IsEmpty)
            {
                break;
            }

            tracked.AddRange(page);
            after = page[^1].Row;
        }

        keys.UnionWith(tracked.Select(email => email.Key));
        return new FoundMail(tracked.DrainToImmutable(), [.. keys.Order()], letters.DrainToImmutable());
    }

    // What cannot be read as mail may still hold the address.
    private bool TakesPart(ReadOnlyMemory<byte> content, EmailAddress address) => parser.Parse(content) is ParsedMail.Mail mail
        ? FactsOfMail.Read(mail.Headers).Participants.Any(one => one.Address == address)
        : System.Text.Encoding.Latin1.GetString(content.Span).Contains(address.Value, StringComparison.OrdinalIgnoreCase);
}
