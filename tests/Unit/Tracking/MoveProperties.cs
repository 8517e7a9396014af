using CsCheck;
using EmailTracking.Tracking.Deciding;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>A move never makes a second activity: the same mail in another folder of the same mailbox is the same email.</summary>
public sealed class MoveProperties
{
    private static readonly string[] People = ["ana@contoso.com", "bo@fabrikam.com", "cy@tailspin.com", "di@gmail.com"];
    private static readonly string[] Mailboxes = ["ana@contoso.com", "ben@contoso.com", "sales@contoso.com"];
    private static readonly string[] Folders = ["Inbox", "Deals", "Archive", "Sent Items"];

    private static readonly Gen<Letter> GenLetter =
        from sender in Gen.OneOfConst(People)
        from to in Gen.OneOfConst(People)
        from answers in Gen.Int[0, 6].Array[0, 2]
        from hasId in Gen.Int[0, 4]
        from minute in Gen.Int[0, 20]
        select (An.Email("m") with { MessageId = hasId == 0 ? null : "<>" })
            .From(sender).To(to).Minute(minute).Answering([.. answers.Select(i => An.Email($"m{i}"))]);

    private static readonly Gen<Letter[]> GenLetters = GenLetter.Array[1, 5]
        .Select(letters => letters.Select((letter, i) => (letter.MessageId is null ? letter : letter with { MessageId = $"<m{i}@mail>" })
            .About($"Order {i}")).ToArray());

    private static readonly Gen<(int Letter, string Mailbox, string Folder)[]> GenSeen =
        Gen.Select(Gen.Int[0, 4], Gen.OneOfConst(Mailboxes), Gen.OneOfConst(Folders)).Array[1, 15];

    [Fact]
    public void A_move_never_makes_a_second_activity() => Gen.Select(GenLetters, GenSeen, Gen.OneOfConst(Enum.GetValues<FilterMethod>()))
        .Sample(
            (letters, seen, filter) =>
            {
                var story = new Story().Mailbox(Mailboxes[0]).Mailbox(Mailboxes[1], filter)
                    .Mailbox(Mailboxes[2], FilterMethod.Replies, isQueue: true, folders: new TrackingFolder("Deals", Known.Reference("opportunity", 5)));
                var activities = new Dictionary<Letter, Guid>();
                var firsts = new List<Guid?>();
                foreach (var (number, mailbox, folder) in seen)
                {
                    var letter = letters[number % letters.Length];
                    var answer = Assert.Single(story.See(letter.In(mailbox, folder)));
                    firsts.AddRange(answer.IsFirst ? [answer.ActivityId] : []);
                    if (answer.ActivityId is { } activity)
                    {
                        Assert.Equal(activity, activities.TryAdd(letter, activity) ? activity : activities[letter]);
                    }
                }

                Assert.Equal(firsts.Distinct(), firsts);
                Assert.True(story.Store.Emails.Count <= letters.Length);
                Assert.Equal(story.Store.Emails.Count, story.Store.Emails.Values.Select(email => email.ActivityId).Distinct().Count());
                Assert.Equal(seen.Select(one => letters[one.Letter % letters.Length].In(one.Mailbox, one.Folder).Place).Distinct().Count(), story.Store.Decisions.Count);
            },
            iter: 500,
            print: t => string.Join('\n', t.Item1.Select((letter, i) => $"{i}: {letter.MessageId} {letter.Subject} answers {string.Join(' ', letter.Answers)}")) +
                '\n' + string.Join(", ", t.Item2) + '\n' + t.Item3);
}
