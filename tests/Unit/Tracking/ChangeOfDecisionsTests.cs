using System.Collections.Immutable;
using EmailTracking.Tracking.Deciding;
using EmailTracking.Tracking.Mail;

namespace EmailTracking.Tests.Unit.Tracking;

/// <summary>A change of decisions alone may be stored without a conversation's say: nothing else may be in it.</summary>
public sealed class ChangeOfDecisionsTests
{
    private static readonly string[] Said =
        [nameof(TrackingChange.Organization), nameof(TrackingChange.SettingsVersion), nameof(TrackingChange.Decisions)];

    public static TheoryData<string> Others =>
        [.. typeof(TrackingChange).GetProperties().Where(property => property.CanWrite && !Said.Contains(property.Name)).Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Others))]
    public void Whatever_else_is_stored_asks_a_conversation(string name)
    {
        var change = new TrackingChange { Organization = "org" };
        Assert.True(change.IsOfDecisionsAlone);
        var property = typeof(TrackingChange).GetProperty(name)!;
        property.SetValue(change, property.PropertyType == typeof(Guid?) ? Guid.NewGuid() : OneOf(property.PropertyType));
        Assert.False(change.IsOfDecisionsAlone);
    }

    [Fact]
    public void Mail_that_nobody_wants_leaves_decisions_alone_and_mail_that_somebody_wants_does_not()
    {
        const string sales = "sales@contoso.com";
        const string ben = "ben@contoso.com";
        var story = new Story().Mailbox(sales).Mailbox(ben, FilterMethod.None);
        Assert.True(Decide(An.Email("m").In(ben)).IsOfDecisionsAlone);
        Assert.False(Decide(An.Email("m").In(sales)).IsOfDecisionsAlone);

        TrackingChange Decide(Sighting sighting) => Assert.IsType<TrackingDecision.Decided>(
            Tracker.Decide(Simulation.ModelStore.Organization, [sighting], story.Store.ReadFacts([sighting]))).Change;
    }

    private static object OneOf(Type array)
    {
        var create = typeof(ImmutableArray).GetMethods().Single(method =>
            method.Name == nameof(ImmutableArray.Create) && method.GetParameters() is [{ ParameterType.IsArray: false, ParameterType.IsByRefLike: false } one] &&
            one.ParameterType.IsGenericParameter);
        return create.MakeGenericMethod(array.GetGenericArguments()).Invoke(null, [null])!;
    }
}
