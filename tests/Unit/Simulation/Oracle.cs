namespace EmailTracking.Tests.Unit.Simulation;

/// <summary>The three thread rules and filter 1 once more, as naively as they can be written, sharing no code with the product.</summary>
public static class Oracle
{
    /// <summary>The conversation (its mails' ids, joined) and whether it is held, for every tracked mail.</summary>
    public static SortedDictionary<string, (string Conversation, bool Held)> Solve(
        IReadOnlyCollection<SimSighting> sightings, Func<string, int> filterOf, Func<string, bool> isUser)
    {
        var mails = Tracked(sightings, filterOf);
        var near = mails.Values.ToDictionary(mail => mail.Id, mail => Named(mail).FirstOrDefault());
        var edges = new HashSet<(string, string)>(mails.Values.Where(mail => near[mail.Id] is not null).Select(mail => (mail.Id, near[mail.Id]!)));
        var admitted = mails.Keys.Where(id => near[id] is null || !mails.ContainsKey(near[id]!)).ToHashSet();
        bool changed;
        do
        {
            changed = false;
            foreach (var mail in mails.Values)
            {
                foreach (var id in Named(mail))
                {
                    if (mails.TryGetValue(id, out var named))
                    {
                        if (!admitted.Contains(id) || !Ground(mail, named, isUser))
                        {
                            continue;
                        }

                        changed |= Component(mail.Id, mails.Keys, edges).Contains(id) && admitted.Add(mail.Id);
                        changed |= admitted.Contains(mail.Id) && edges.Add((mail.Id, id));
                    }
                    else if (admitted.Contains(mail.Id))
                    {
                        foreach (var other in mails.Values.Where(other =>
                            other != mail && admitted.Contains(other.Id) && Named(other).Contains(id) &&
                            (Ground(mail, other, isUser) || Ground(other, mail, isUser)) &&
                            !(near[mail.Id] == id && near[other.Id] == id)))
                        {
                            changed |= edges.Add((mail.Id, other.Id));
                        }
                    }
                }
            }
        }
        while (changed);

        return new(mails.Keys.ToDictionary(
            id => id,
            id => (string.Join(' ', Component(id, mails.Keys, edges).Where(mails.ContainsKey).Order(StringComparer.Ordinal)), !admitted.Contains(id))));
    }

    private static Dictionary<string, SimMail> Tracked(IReadOnlyCollection<SimSighting> sightings, Func<string, int> filterOf)
    {
        var tracked = new Dictionary<string, SimMail>();
        int before;
        do
        {
            before = tracked.Count;
            foreach (var sighting in sightings)
            {
                var mail = sighting.Mail;
                var answers = mail.Answers.Concat(mail.References).Any(id => id != mail.Id && tracked.ContainsKey(id)) ||
                    (mail.Index is { } index && !index.EndsWith("/0", StringComparison.Ordinal) &&
                        tracked.Values.Any(other => other.Id != mail.Id && other.Index?.Split('/')[0] == index.Split('/')[0]));
                if (filterOf(sighting.Mailbox) == 0 || (filterOf(sighting.Mailbox) == 1 && answers))
                {
                    tracked[mail.Id] = mail;
                }
            }
        }
        while (tracked.Count != before);

        return tracked;
    }

    private static IEnumerable<string> Named(SimMail mail) => mail.Answers
        .Concat(mail.References.Reverse())
        .Concat(mail.Index is { } index ? ["index " + index.Split('/')[0]] : [])
        .Where(id => id != mail.Id)
        .Distinct();

    private static bool Ground(SimMail mail, SimMail named, Func<string, bool> isUser)
    {
        static string Domain(string address) => address.Split('@')[1];
        static bool Works(string address) => Domain(address) != "gmail.com";
        string[] people = [named.From, .. named.To];
        return isUser(mail.From) || people.Contains(mail.From) ||
            (Works(mail.From) && people.Any(other => Works(other) && Domain(other) == Domain(mail.From))) ||
            (named.List is { } list && (mail.List == list || mail.To.Any(to => to.Replace('@', '.') == list)));
    }

    private static HashSet<string> Component(string start, IEnumerable<string> ids, HashSet<(string, string)> edges)
    {
        var found = new HashSet<string> { start };
        bool grown;
        do
        {
            grown = false;
            foreach (var (one, other) in edges)
            {
                grown |= (found.Contains(one) && found.Add(other)) | (found.Contains(other) && found.Add(one));
            }
        }
        while (grown);

        return found;
    }
}
