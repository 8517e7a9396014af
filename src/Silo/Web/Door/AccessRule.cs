using EmailTracking.Access;
using Microsoft.AspNetCore.Builder;

namespace EmailTracking.Silo.Web.Door;

/// <summary>What an endpoint is about, for those who may only touch their own.</summary>
internal enum AccessTarget
{
    /// <summary>The organization: a reach of one's own is not enough.</summary>
    Organization,

    /// <summary>The mailbox of the route value <c>address</c>.</summary>
    Mailbox,

    /// <summary>The endpoint itself leaves out, or refuses, what is not one's own: <see cref="Visitor.Reach"/>.</summary>
    Chosen,

    /// <summary>Whoever asks: they only have to say who they are.</summary>
    Themselves,

    /// <summary>A page: whoever is not let in is told so on it, in words, and sees nothing else.</summary>
    Page,

    /// <summary>Nothing that anybody could not see.</summary>
    Open,
}

/// <summary>Who may use an endpoint. An endpoint without one is used by nobody.</summary>
/// <param name="Privilege">What has to be allowed.</param>
/// <param name="Target">What it is about.</param>
/// <param name="IsChange">Whether it changes anything, and so is in the audit log.</param>
internal sealed record AccessRule(Privilege Privilege, AccessTarget Target, bool IsChange);

/// <summary>Says who may use endpoints.</summary>
internal static class AccessRules
{
    /// <summary>Whoever may do it for the whole organization.</summary>
    public static T Needs<T>(this T endpoint, Privilege privilege, bool isChange = false)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule(privilege, AccessTarget.Organization, isChange));

    /// <summary>Whoever may do it for the mailbox of the path.</summary>
    public static T NeedsForMailbox<T>(this T endpoint, Privilege privilege, bool isChange = false)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule(privilege, AccessTarget.Mailbox, isChange));

    /// <summary>Whoever may do it for something; the endpoint asks for what.</summary>
    public static T NeedsForChosen<T>(this T endpoint, Privilege privilege, bool isChange = false)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule(privilege, AccessTarget.Chosen, isChange));

    /// <summary>Whoever says who they are.</summary>
    public static T ForThemselves<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule(default, AccessTarget.Themselves, false));

    /// <summary>Anybody.</summary>
    public static T ForAnybody<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessRule(default, AccessTarget.Open, false));
}
