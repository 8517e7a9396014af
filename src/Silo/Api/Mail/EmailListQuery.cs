using System.Diagnostics.CodeAnalysis;
using EmailTracking.Listing;
using EmailTracking.Tracking.Mail;
using EmailTracking.Tracking.Threads;
using Microsoft.AspNetCore.Mvc;

namespace EmailTracking.Silo.Api.Mail;

/// <summary>What may be asked of a list of emails; every condition that is given must hold.</summary>
internal sealed class EmailListQuery
{
    /// <summary>Words: all of them, none of those behind a minus; a star at the end stands for any end.</summary>
    [FromQuery(Name = "search")]
    public string? Search { get; init; }

    /// <summary>Seen in this mailbox.</summary>
    [FromQuery(Name = "mailbox")]
    public string? Mailbox { get; init; }

    /// <summary>In the queue of this id.</summary>
    [FromQuery(Name = "queueid")]
    public Guid? QueueId { get; init; }

    /// <summary>This address takes part.</summary>
    [FromQuery(Name = "address")]
    public string? Address { get; init; }

    /// <summary>correlationmethod.</summary>
    [FromQuery(Name = "correlationmethod")]
    public int? CorrelationMethod { get; init; }

    /// <summary>directioncode: true for outgoing.</summary>
    [FromQuery(Name = "directioncode")]
    public bool? DirectionCode { get; init; }

    /// <summary>Whether it is about a record.</summary>
    [FromQuery(Name = "hasregarding")]
    public bool? HasRegarding { get; init; }

    /// <summary>Whether it is held: its sender took part in none of the mails that it names.</summary>
    [FromQuery(Name = "held")]
    public bool? Held { get; init; }

    /// <summary>Of this date or later.</summary>
    [FromQuery(Name = "from")]
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this date.</summary>
    [FromQuery(Name = "until")]
    public DateTimeOffset? Until { get; init; }

    /// <summary>Where the page before ended: <c>nextlink</c> has it.</summary>
    [FromQuery(Name = "before")]
    public long? Before { get; init; }

    /// <summary>How many at most.</summary>
    [FromQuery(Name = "top")]
    public int? Top { get; init; }

    /// <summary>Whether to count all.</summary>
    [FromQuery(Name = "count")]
    public bool? Count { get; init; }

    /// <summary>Reads the conditions.</summary>
    /// <param name="query">They.</param>
    /// <param name="problem">What is wrong with them, and what to do.</param>
    public bool TryRead([NotNullWhen(true)] out ListQuery? query, [NotNullWhen(false)] out string? problem)
    {
        (query, problem) = (null, null);
        EmailAddress address = default, mailbox = default;
        if (Search?.Length > ListQuery.TextMax)
        {
            problem = $"search has at most {ListQuery.TextMax} characters.";
        }
        else if (Mailbox is not null && !EmailAddress.TryParse(Mailbox, out mailbox))
        {
            problem = "mailbox is the address of a mailbox.";
        }
        else if (Address is not null && !EmailAddress.TryParse(Address, out address))
        {
            problem = "address is an email address.";
        }
        else if (CorrelationMethod is { } method && !Enum.IsDefined((CorrelationMethod)method))
        {
            problem = "correlationmethod is 0 to 7, as in Dataverse.";
        }
        else if (Mailbox is not null && QueueId is not null)
        {
            problem = "Ask for a mailbox or for a queue, not for both.";
        }
        else if (Top is < 1 or > ListQuery.PageMax)
        {
            problem = $"top is 1 to {ListQuery.PageMax}.";
        }
        else
        {
            query = new ListQuery
            {
                Visible = [],
                Within = Mailbox is not null ? [EmailLists.OfMailbox(GrainKeys.DefaultOrganization, mailbox)]
                    : QueueId is { } queue ? [EmailLists.OfQueue(GrainKeys.DefaultOrganization, queue)]
                    : [],
                Text = Search,
                Method = (CorrelationMethod?)CorrelationMethod,
                IsOutgoing = DirectionCode,
                HasRegarding = HasRegarding,
                IsHeld = Held,
                Address = Address is null ? null : address,
                From = From,
                Until = Until,
                Before = Before,
                CountMax = Top ?? TopStandard,
                WithCount = Count ?? false,
            };
        }

        return problem is null;
    }

    private const int TopStandard = 50;
}
