# A shell of the stand-in: the commands that Centreon sends to bring a script over are obeyed, all others are answered as the file says
# (`answers`, as in docs/simulate.md).
package openwsman::Shell;

use strict;
use warnings;
use Encode ();
use MIME::Base64 ();

sub new {
    my ($class, $play, $codepage) = @_;
    return bless { play => $play, codepage => $codepage // 437, files => {}, commands => 0 }, $class;
}

sub start {
    my ($self, $line) = @_;
    $self->{id} = sprintf('11111111-2222-3333-4444-%012d', ++$self->{commands});
    $self->{running} = $self->answer_to($line);
    return $self->{id};
}

# ---- how Centreon brings a script over ----

my $nothing = { stdout => '', exit_code => 0 };

sub answer_to {
    my ($self, $line) = @_;
    my $files = $self->{files};
    return $nothing if $line =~ /^if not exist "[^"]*" mkdir / || $line =~ /-command "new-item -itemtype directory/;
    if ($line =~ /^\(echo \@ECHO OFF\) >> (\S+)$/) {
        $files->{$1} .= "\@ECHO OFF\r\n";
    } elsif ($line =~ /^echo\|set \/P="(.*)"\s*>>\s*(\S+)$/s) {
        $files->{$2} .= $1;
    } elsif ($line =~ /"(?:Set|Add)-Content -Path '([^']+)' -Value '([^']*)' -Encoding ASCII"$/) {
        $files->{$1} .= $2;
    } elsif ($line =~ /"\[IO\.File\]::WriteAllBytes\('([^']+)',\[Convert\]::FromBase64String\(\(Get-Content '([^']+)' -Raw\)\)\)"$/) {
        $files->{$1} = MIME::Base64::decode_base64($files->{$2});
    } elsif ($line =~ /^del \/f (\S+)$/ || $line =~ /"Remove-Item '([^']+)','[^']+' -Force"$/) {
        return { stderr => "Could Not Find $1\n", exit_code => 1 } unless defined delete $files->{$1};
    } elsif (defined $files->{$line} && $files->{$line} =~ /powershell -encodedcommand (\S+)$/) {
        return $self->answer_of_file('powershell', Encode::decode('UTF-16LE', MIME::Base64::decode_base64($1)));
    } elsif ($line =~ / -File "([^"]+)"$/ && defined $files->{$1}) {
        return $self->answer_of_file('powershell', Encode::decode('UTF-8', $files->{$1}));
    } else {
        return $self->answer_of_file('cmd', Encode::decode('UTF-8', $line));
    }
    return $nothing;
}

# ---- answers of the file ----

sub glob_to_regex {
    my ($glob) = @_;
    return join('', map { $_ eq '*' ? '.*' : $_ eq '?' ? '.' : quotemeta($_) } split(//, $glob));
}

sub matches {
    my ($answer, $as, $line) = @_;
    return 0 if defined $answer->{as} && $answer->{as} ne $as;
    return $line =~ /^\Q$answer->{command}\E$/i if defined $answer->{command};
    return $line =~ /\Q$answer->{contains}\E/i if defined $answer->{contains};
    return $line =~ /$answer->{regex}/i if defined $answer->{regex};
    my $glob = glob_to_regex($answer->{glob} // '*');
    return $line =~ /^$glob$/is;
}

sub answer_of_file {
    my ($self, $as, $line) = @_;
    $line =~ s/^\s+|\s+$//g;
    foreach (@{$self->{play}{answers}}) {
        return $_ if matches($_, $as, $line);
    }
    my ($word) = $line =~ /^(\S+)/;
    return { exit_code => 1, stderr => "'$word' is not recognized as an internal or external command,\noperable program or batch file.\n" };
}

# ---- Receive ----

# As Windows: lines end with CR LF, in the shell's code page.
sub encoded {
    my ($self, $text) = @_;
    $text =~ s/\r?\n/\r\n/g;
    return Encode::encode($self->{codepage} == 65001 ? 'UTF-8' : 'cp' . $self->{codepage}, $text);
}

sub add_stream {
    my ($self, $answer, $name, $bytes) = @_;
    my $stream = $answer->add('', 'Stream', MIME::Base64::encode_base64($bytes));
    $stream->attr_add(undef, 'Name', $name);
    $stream->attr_add(undef, 'CommandId', $self->{id});
}

# The output at once, in pieces of `chunk_size`; the end with it or, with `done: separately`, in a Receive of its own.
sub receive {
    my ($self) = @_;
    my $running = $self->{running};
    my $answer = openwsman::XmlNode->new('ReceiveResponse');
    unless ($running->{told}) {
        foreach my $name ('stdout', 'stderr') {
            my $bytes = $self->encoded($running->{$name} // '');
            my $size = $running->{chunk_size} || length($bytes) || 1;
            add_stream($self, $answer, $name, $_) foreach (unpack("(a$size)*", $bytes));
        }
    }
    my $done = ($running->{done} // 'together') eq 'together' || $running->{told};
    $self->{running} = { %$running, told => 1 };
    $done = 0 if ($running->{exit_delay} // '') eq 'never';
    my $state = $answer->add('', 'CommandState');
    $state->attr_add(undef, 'CommandId', $self->{id});
    $state->attr_add(undef, 'State', 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/' . ($done ? 'Done' : 'Running'));
    $state->add('', 'ExitCode', $running->{exit_code} // 0) if $done;
    return $answer;
}

1;
