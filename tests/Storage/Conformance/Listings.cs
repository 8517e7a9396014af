using System.Collections.Immutable;
using EmailTracking.Listing;

namespace EmailTracking.Tests.Storage.Conformance;

/// <summary>What the listing grain does with a store, and what people ask it.</summary>
public static class Listings
{
    private const string Organization = Deliveries.Organization;

    /// <summary>Lists all that is due.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="text">The text of each mail's body.</param>
    /// <returns>How many notes there were.</returns>
    public static async Task<int> ListAllAsync(this StoreUnderTest silo, string text = "")
    {
        for (var notes = 0; ;)
        {
            var count = await silo.Listings.ListDueAsync(Organization, 16, (emails, _) => Task.FromResult(Listed(emails, text)));
            if (count == 0)
            {
                return notes;
            }

            Assert.True((notes += count) < 10_000, "What is due does not come to an end.");
        }
    }

    /// <summary>The ids of the emails of a list, newest first.</summary>
    public static Task<string> IdsAsync(this StoreUnderTest silo, Guid list) => silo.IdsAsync(Everything with { Within = [list] });

    /// <summary>The ids of the emails that a query finds, newest first.</summary>
    public static async Task<string> IdsAsync(this StoreUnderTest silo, ListQuery query) =>
        Ids(await silo.Listings.ReadAsync(Organization, query));

    /// <summary>The ids of a page's emails.</summary>
    public static string Ids(ListPage page) => string.Join(' ', page.Emails.Select(email => email.Activity!.MessageId!.Split('@')[0]));

    /// <summary>Everything, for whoever may see everything.</summary>
    public static ListQuery Everything { get; } = new() { Visible = [EmailLists.Everything(Organization)] };

    private static ImmutableArray<ListedEmail> Listed(ImmutableArray<ListedFacts> emails, string text) =>
        [.. emails.Select(email => ListedEmail.Of(Organization, email, text))];
}
