# WQL for the stand-in: SELECT of named properties or *, FROM one class, WHERE with = != <> < <= > >= LIKE, IS [NOT] NULL, AND, OR, NOT
# and parentheses. What it refuses it refuses with the words of Windows' fault.
package openwsman::Wql;

use strict;
use warnings;
use Time::Local ();

our $bad_query = 'The WS-Management service cannot process the request. The WQL query is invalid. ';
our $bad_class = 'The WS-Management service cannot process the request. The class does not exist in the specified namespace. ';

# select(classes, namespace, query): the rows, each a list of [property, [texts]], and the fault's text.
sub select {
    my ($classes, $namespace, $query) = @_;
    my ($rows, $refused);
    eval { $rows = run($classes, $namespace, { words => words_of($query), at => 0 }); 1 } or do {
        die $@ unless ref $@;
        $refused = ${$@};
    };
    return ($rows, $refused);
}

sub refuse { my ($text) = @_; die \$text }

sub words_of {
    my ($query) = @_;
    my @words;
    while ($query =~ /\G\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(<=|>=|<>|!=|[=<>(),*])|(-?\d+(?:\.\d+)?)(?![\w.])|(\w+))/gc) {
        if (defined $1 || defined $2) {
            my $text = $1 // $2;
            $text =~ s/\\(.)/$1/gs;
            push @words, [text => $text];
        } elsif (defined $3) {
            push @words, [sign => $3];
        } elsif (defined $4) {
            push @words, [number => $4];
        } else {
            push @words, [name => $5];
        }
    }
    refuse($bad_query) if substr($query, pos($query) // 0) =~ /\S/;
    return \@words;
}

sub peek { my ($parser) = @_; return $parser->{words}[$parser->{at}] // ['end', ''] }
sub take { my ($parser) = @_; my $word = peek($parser); $parser->{at}++; return $word }

sub is_next {
    my ($parser, $kind, $text) = @_;
    my $word = peek($parser);
    return 0 unless $word->[0] eq $kind && (!defined $text || lc $word->[1] eq lc $text);
    $parser->{at}++;
    return 1;
}

sub name { my ($parser) = @_; my $word = take($parser); refuse($bad_query) if $word->[0] ne 'name'; return $word->[1] }

sub run {
    my ($classes, $namespace, $parser) = @_;
    refuse($bad_query) unless is_next($parser, name => 'select');
    my @wanted;
    unless (is_next($parser, sign => '*')) {
        do { push @wanted, name($parser) } while is_next($parser, sign => ',');
    }
    refuse($bad_query) unless is_next($parser, name => 'from');
    my $class = $classes->{lc "$namespace:" . name($parser)} or refuse($bad_class);
    my $test = is_next($parser, name => 'where') ? disjunction($parser, $class) : sub { 1 };
    refuse($bad_query) if peek($parser)->[0] ne 'end';

    my @properties = @wanted ? map { property($class, $_) } @wanted : @{$class->{properties}};
    my @rows;
    foreach my $row (grep { $test->($_) } @{$class->{rows}}) {
        push @rows, [map { [$_->{name}, $row->{$_->{name}} // []] } @properties];
    }
    return \@rows;
}

sub property {
    my ($class, $name) = @_;
    my ($found) = grep { lc $_->{name} eq lc $name } @{$class->{properties}};
    return $found // refuse($bad_query);
}

# ---- WHERE ----

sub disjunction {
    my ($parser, $class) = @_;
    my @tests = conjunction($parser, $class);
    push @tests, conjunction($parser, $class) while is_next($parser, name => 'or');
    return sub { my ($row) = @_; foreach (@tests) { return 1 if $_->($row) } return 0 };
}

sub conjunction {
    my ($parser, $class) = @_;
    my @tests = condition($parser, $class);
    push @tests, condition($parser, $class) while is_next($parser, name => 'and');
    return sub { my ($row) = @_; foreach (@tests) { return 0 unless $_->($row) } return 1 };
}

sub condition {
    my ($parser, $class) = @_;
    if (is_next($parser, name => 'not')) {
        my $test = condition($parser, $class);
        return sub { !$test->($_[0]) };
    }
    if (is_next($parser, sign => '(')) {
        my $test = disjunction($parser, $class);
        refuse($bad_query) unless is_next($parser, sign => ')');
        return $test;
    }
    return comparison($parser, property($class, name($parser)));
}

sub comparison {
    my ($parser, $property) = @_;
    my $value = sub { my ($texts) = $_[0]{$property->{name}}; return $texts ? $texts->[-1] : undef };
    if (is_next($parser, name => 'is')) {
        my $not = is_next($parser, name => 'not');
        refuse($bad_query) unless is_next($parser, name => 'null');
        return sub { defined $value->($_[0]) ? $not : !$not };
    }
    if (is_next($parser, name => 'like')) {
        my $pattern = like(take($parser)->[1]);
        return sub { my $text = $value->($_[0]); defined $text && $text =~ $pattern };
    }
    my $sign = take($parser);
    refuse($bad_query) if $sign->[0] ne 'sign' || $sign->[1] !~ /^[=<>!]/;
    my ($kind, $literal) = @{take($parser)};
    refuse($bad_query) if $kind eq 'end' || $kind eq 'sign';
    my $order = order($property->{type}, $kind, $literal);
    my %wanted = ('=' => sub { $_[0] == 0 }, '!=' => sub { $_[0] != 0 }, '<>' => sub { $_[0] != 0 }, '<' => sub { $_[0] < 0 },
                  '<=' => sub { $_[0] <= 0 }, '>' => sub { $_[0] > 0 }, '>=' => sub { $_[0] >= 0 });
    my $is_wanted = $wanted{$sign->[1]} or refuse($bad_query);
    # A null is neither equal to a value, nor unequal, nor less or more.
    return sub { my $text = $value->($_[0]); defined $text && $is_wanted->($order->($text)) };
}

# How a property's text stands to the literal: less than 0, 0, or more.
sub order {
    my ($type, $kind, $literal) = @_;
    if ($type eq 'string') {
        return sub { lc $_[0] cmp lc $literal };
    } elsif ($type eq 'boolean') {
        my $wanted = $literal =~ /^(true|1|-1)$/i ? 'true' : 'false';
        return sub { $_[0] cmp $wanted };
    } elsif ($type eq 'datetime') {
        my $wanted = moment($literal) // refuse($bad_query);
        return sub { moment($_[0]) <=> $wanted };
    }
    refuse($bad_query) if $literal !~ /^-?\d+(?:\.\d+)?$/;
    return sub { $_[0] <=> $literal };
}

# Microseconds since 1970 of "20260310120000.000000+060" and of "2026-03-10T12:00:00.5Z".
sub moment {
    my ($text) = @_;
    my ($year, $month, $day, $hour, $minute, $second, $fraction, $zone);
    if ($text =~ /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\.(\d{6})([-+]\d{3})$/) {
        ($year, $month, $day, $hour, $minute, $second, $fraction, $zone) = ($1, $2, $3, $4, $5, $6, $7, $8 * 60);
    } elsif ($text =~ /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:Z|([-+])(\d\d):(\d\d))?$/) {
        ($year, $month, $day, $hour, $minute, $second, $fraction) = ($1, $2, $3, $4, $5, $6, substr(($7 // '') . '000000', 0, 6));
        $zone = defined $8 ? ($8 eq '-' ? -1 : 1) * ($9 * 3600 + $10 * 60) : 0;
    } else {
        return undef;
    }
    return (Time::Local::timegm($second, $minute, $hour, $day, $month - 1, $year) - $zone) * 1_000_000 + $fraction;
}

# % is any text, _ one character, [a-c] and [^a-c] a set.
sub like {
    my ($pattern) = @_;
    my $regex = '';
    while ($pattern =~ /\G(?:(%)|(_)|\[(\^?)([^\]]+)\]|(.))/gcs) {
        $regex .= defined $1 ? '.*' : defined $2 ? '.' : defined $4 ? '[' . $3 . ($4 =~ s/([\\\[])/\\$1/gr) . ']' : quotemeta($5);
    }
    return qr/^$regex$/is;
}

1;
