using System.Collections.Immutable;
using EmailTracking.Silo.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EmailTracking.Silo.Api;

/// <summary>Answers of the API.</summary>
internal static class ApiAnswers
{
    /// <summary>The core refuses it: nothing was changed.</summary>
    /// <param name="problem">Why, and what to do.</param>
    public static IResult Refused(string problem) => Of(Refusal.Refused(problem));

    /// <summary>What was sent is not understood.</summary>
    public static IResult Wrong(string problem) => Of(Refusal.Wrong(problem));

    /// <summary>There is no such thing.</summary>
    public static IResult Missing(string problem) => Of(Refusal.Missing(problem));

    /// <summary>A value, or why it is not told.</summary>
    public static IResult Of<T>(Told<T> told)
        where T : class? => told.Problem is { } problem ? Of(problem) : Results.Json(told.Value);

    /// <summary>Why something is not done.</summary>
    public static IResult Of(Refusal refusal) => Answers.Problem(refusal.Status, refusal.Title, refusal.Detail);

    /// <summary>A list.</summary>
    public static IResult List<T>(IEnumerable<T> rows, string? next = null) => Results.Json(new ListAnswer<T>([.. rows], next));

    /// <summary>The address of the next page: what was asked, behind where this one ended.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="before">Where this page ended; null on the last.</param>
    public static string? Next(HttpRequest request, string? before) => before is null
        ? null
        : request.Path + QueryString.Create(
            request.Query.Where(pair => pair.Key != "before").SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value))
                .Append(KeyValuePair.Create("before", (string?)before))).ToString();

    /// <summary>Names an operation, and says what it answers when it goes well and what it does.</summary>
    public static RouteHandlerBuilder Describes<T>(this RouteHandlerBuilder endpoint, string name, string tag, string summary) =>
        Described(endpoint, name, tag, summary).Produces<T>();

    /// <summary>Names an operation that answers nothing, and says what it does.</summary>
    public static RouteHandlerBuilder Describes(this RouteHandlerBuilder endpoint, string name, string tag, string summary) =>
        Described(endpoint, name, tag, summary).Produces(StatusCodes.Status204NoContent);

    private static RouteHandlerBuilder Described(RouteHandlerBuilder endpoint, string name, string tag, string summary) => endpoint
        .WithName(name)
        .WithTags(tag)
        .WithSummary(summary)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}

/// <summary>A list, or a page of one.</summary>
/// <param name="Value">What is in it.</param>
/// <param name="NextLink">Where the next page is; null on the last.</param>
internal sealed record ListAnswer<T>(ImmutableArray<T> Value, string? NextLink);
