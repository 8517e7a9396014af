using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using EmailTracking.Storage;

namespace EmailTracking.Client.Rendering;

/// <summary>One email as a line of JSON. Names are Dataverse's where it has one; the order of the names is fixed.</summary>
internal static class ExportLine
{
    // Not for HTML: '+' and '<' are written as they are, so that ids can be searched for.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the line with its line end.</summary>
    public static void Write(IBufferWriter<byte> output, EmailRow row)
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            Write(json, row);
        }

        output.Write("\n"u8);
    }

    private static void Write(Utf8JsonWriter json, EmailRow row)
    {
        var activity = row.Activity;
        var state = activity?.State;
        json.WriteStartObject();
        json.WriteString("messagekey", row.Key.ToString());
        json.WriteString("messageid", activity?.MessageId);
        json.WriteString("outcome", Words.Of(row.Outcome));
        json.WriteNumber("reasoncode", (int)row.Reason);
        WriteId(json, "activityid", activity?.ActivityId);
        WriteId(json, "conversationid", state?.ConversationId);
        WriteId(json, "parentactivityid", activity?.ParentActivityId);
        WriteId(json, "correlatedactivityid", activity?.CorrelatedActivityId);
        if (state is null)
        {
            json.WriteNull("correlationmethod");
            json.WriteNull("held");
            json.WriteNull("regarding");
            json.WriteNull("regardingdeletedon");
            json.WriteNull("direction");
        }
        else
        {
            json.WriteNumber("correlationmethod", (int)state.Correlation.Method);
            json.WriteBoolean("held", state.IsHeld);
            json.WriteString("regarding", activity!.Regarding?.ToString());
            json.WriteString("regardingdeletedon", activity.RegardingFate?.DeletedOn?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("direction", state.IsOutgoing ? "outgoing" : "incoming");
        }

        json.WriteStartArray("mailboxes");
        foreach (var mailbox in row.Mailboxes)
        {
            json.WriteStringValue(mailbox.Value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteId(Utf8JsonWriter json, string name, Guid? id)
    {
        if (id is { } value)
        {
            json.WriteString(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
