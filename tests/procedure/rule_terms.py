"""Two new cases for every rule that sets a day: needs, requests, money, payments, returns, acts, and the readings.

The days are counted by hand in the words of each row, from the calendar of the order's years.
"""

from tests.procedure.table import Table, between, due, off, worked

CASES = Table()

# --- Needs and requests -----------------------------------------------------------------------------------------------

CASES.steps(
    "R-030/1",
    "aid for Tue 07.01.2025; ten days before is Sat 28.12.2024",
    "formed on Fri 27.12.2024, in the year before the memorial date",
    due("R-030", "02.12.2024", "27.12.2024", memorial="07.01.2025", nominal="28.12.2024", earliest="27.12.2024"),
)
CASES.steps(
    "R-030/2",
    "aid for 10.03.2024 and for 10.03.2023",
    "ten days before is the leap day Thu 29.02.2024, a year earlier Tue 28.02.2023",
    due("R-030", "01.02.2024", "29.02.2024", memorial="10.03.2024"),
    due("R-030", "01.02.2023", "28.02.2023", memorial="10.03.2023"),
)
CASES.steps(
    "R-030/3",
    "an additional list for 09.05.2024 comes on Fri 03.05.2024, another on Sun 05.05.2024",
    "formed at once: Fri 03.05.2024; Sunday is not worked, so by Mon 06.05.2024",
    due("R-030", "03.05.2024", "03.05.2024", memorial="09.05.2024"),
    due("R-030", "05.05.2024", "06.05.2024", memorial="09.05.2024"),
)
CASES.steps(
    "R-031/1",
    "decisions arrive on the first day of the pilot, Thu 01.06.2023",
    "the need is formed that day; a decision of the last one, Fri 31.05.2024, also on its day",
    due("R-031", "01.06.2023", "01.06.2023"),
    due("R-031", "31.05.2024", "31.05.2024"),
)
CASES.steps(
    "R-031/2",
    "decisions arrive on Sat 01.07.2023 (worked) and on Fri 07.07.2023 (off for it)",
    "formed on Sat 01.07.2023; 7.07 off, 8 and 9 weekend: Mon 10.07.2023",
    worked("01.07.2023"),
    off("07.07.2023", "08.07.2023", "09.07.2023"),
    due("R-031", "01.07.2023", "01.07.2023"),
    due("R-031", "07.07.2023", "10.07.2023"),
)
CASES.steps(
    "R-032/1",
    "monthly aid for February 2024: the 27th is Sat 27.01.2024",
    "formed on Fri 26.01.2024",
    due("R-032", "10.01.2024", "26.01.2024", month="02.2024", nominal="27.01.2024"),
)
CASES.steps(
    "R-032/2",
    "monthly aid for September 2023: the 27th is Sun 27.08.2023; for May 2024, the last of the pilot: Sat 27.04.2024",
    "formed on Fri 25.08.2023; on Fri 26.04.2024",
    due("R-032", "01.08.2023", "25.08.2023", month="09.2023", nominal="27.08.2023"),
    due("R-032", "01.04.2024", "26.04.2024", month="05.2024", nominal="27.04.2024"),
)
CASES.steps(
    "R-032/3",
    "aid for January 2024 decided on Thu 28.12.2023, after the 27th",
    "carried to the next 27th, Sat 27.01.2024: formed on Fri 26.01.2024",
    due("R-032", "28.12.2023", "26.01.2024", month="01.2024", nominal="27.01.2024"),
)
CASES.steps(
    "R-033/1",
    "need formed on Wed 20.03.2024, the eve of Nauryz",
    "21, 22 holidays, 23, 24 weekend, 25 off for Saturday's holiday: due Tue 26.03.2024",
    off("21.03.2024", "22.03.2024", "23.03.2024", "24.03.2024", "25.03.2024"),
    due("R-033", "20.03.2024", "26.03.2024", warn="20.03.2024"),
)
CASES.steps(
    "R-033/2",
    "need formed on Fri 29.12.2023, and one on Tue 31.12.2024",
    "30, 31 weekend, 1, 2 January: Wed 03.01.2024; 1, 2 January, Fri 03.01.2025 moved off, Sat: Sun 05.01.2025, worked",
    off("30.12.2023", "31.12.2023", "01.01.2024", "02.01.2024", "01.01.2025", "02.01.2025", "03.01.2025", "04.01.2025"),
    due("R-033", "29.12.2023", "03.01.2024"),
    due("R-033", "31.12.2024", "05.01.2025"),
)
CASES.steps(
    "R-033/3",
    "need formed on the leap day Thu 29.02.2024, and on Thu 07.03.2024",
    "Fri 01.03.2024; Fri 08.03.2024 is a holiday, 9, 10 weekend: Mon 11.03.2024",
    due("R-033", "29.02.2024", "01.03.2024"),
    due("R-033", "07.03.2024", "11.03.2024"),
)

# --- Money ------------------------------------------------------------------------------------------------------------

CASES.steps(
    "R-040/1",
    "a request for March arrives on Wed 20.03.2024",
    "day 1 is Tue 26.03.2024, day 2 Wed 27.03.2024",
    due("R-040", "20.03.2024", "27.03.2024", month="03.2024", warn="26.03.2024"),
)
CASES.steps(
    "R-040/2",
    "a request for one-off aid of February arrives on Wed 28.02.2024: it asks for its own month",
    "day 1 is the leap day Thu 29.02.2024, day 2 Fri 01.03.2024",
    due("R-040", "28.02.2024", "01.03.2024", month="02.2024"),
)
CASES.steps(
    "R-040/3",
    "a request arrives on Sun 05.01.2025, a worked Sunday",
    "day 1 is Mon 06.01.2025, 7 January is Christmas, day 2 Wed 08.01.2025",
    worked("05.01.2025"),
    due("R-040", "05.01.2025", "08.01.2025", month="01.2025"),
)
CASES.steps(
    "R-042/1",
    "a request for July arrives on Thu 29.06.2023; Sat 01.07.2023 is worked, but it is the 1st itself",
    "from Mon 03.07.2023, softly until Tue 04.07.2023",
    due("R-042", "29.06.2023", "04.07.2023", month="07.2023", earliest="03.07.2023", nominal="01.07.2023"),
)
CASES.steps(
    "R-042/2",
    "a request for June arrives on Fri 31.05.2024, the last day of the pilot",
    "Sat 01.06.2024 and Sunday are off: from Mon 03.06.2024, softly until Tue 04.06.2024",
    due("R-042", "31.05.2024", "04.06.2024", month="06.2024", earliest="03.06.2024"),
)
CASES.steps(
    "R-043/1",
    "the need of December is formed on Mon 27.11.2023 and asked for on the same day",
    "it arrives on the 27th: the normal rule, 28 and 29: due Wed 29.11.2023",
    due("R-032", "01.11.2023", "27.11.2023", month="12.2023"),
    due("R-040", "27.11.2023", "29.11.2023", month="12.2023"),
)
CASES.steps(
    "R-043/2",
    "the need of February is formed on Fri 26.01.2024, for the 27th is a Saturday; asked for on Mon 29.01.2024",
    "after the 27th: from Fri 02.02.2024, softly until Mon 05.02.2024; asked for on the 26th: 29, 30: Tue 30.01.2024",
    due("R-042", "29.01.2024", "05.02.2024", month="02.2024", earliest="02.02.2024"),
    due("R-040", "26.01.2024", "30.01.2024", month="02.2024"),
)
CASES.steps(
    "R-050/1",
    "money comes on Wed 20.03.2024, and on the leap day Thu 29.02.2024",
    "26 and 27: Wed 27.03.2024; Fri 01.03.2024 and Mon: Mon 04.03.2024",
    due("R-050", "20.03.2024", "27.03.2024"),
    due("R-050", "29.02.2024", "04.03.2024"),
)
CASES.steps(
    "R-050/2",
    "money comes on Fri 29.12.2023, and on Fri 31.05.2024, the last day of the pilot",
    "3 and 4 January: Thu 04.01.2024; 3 and 4 June: Tue 04.06.2024",
    due("R-050", "29.12.2023", "04.01.2024"),
    due("R-050", "31.05.2024", "04.06.2024"),
)

# --- Returns ----------------------------------------------------------------------------------------------------------

CASES.steps(
    "R-060/1",
    "returned on Thu 07.03.2024",
    "Fri 08.03.2024 is a holiday, 9 and 10 weekend: data due Mon 11.03.2024",
    due("R-060", "07.03.2024", "11.03.2024"),
)
CASES.steps(
    "R-060/2",
    "returned on Fri 31.05.2024, the last day of the pilot; and on Tue 27.06.2023, the eve of Kurban Ait",
    "the duty goes on: Mon 03.06.2024; 28.06 off: Thu 29.06.2023",
    due("R-060", "31.05.2024", "03.06.2024"),
    due("R-060", "27.06.2023", "29.06.2023"),
)
CASES.steps(
    "R-061/1",
    "the authority got the data on Wed 03.01.2024",
    "4, 5, and Mon 08.01.2024: Christmas on Sun 07.01.2024 moves no day",
    due("R-061", "03.01.2024", "08.01.2024"),
)
CASES.steps(
    "R-061/2",
    "the authority got the data on Thu 02.05.2024",
    "3, Sat 04.05.2024 (worked), Mon 06.05.2024",
    due("R-061", "02.05.2024", "06.05.2024"),
)
CASES.steps(
    "R-063/1",
    "returned on Mon 05.02.2024; and on the last worked day itself, the leap day",
    "February of a leap year ends on Thu 29.02.2024",
    due("R-063", "05.02.2024", "29.02.2024", warn="28.02.2024"),
    due("R-063", "29.02.2024", "29.02.2024", warn="29.02.2024"),
)
CASES.steps(
    "R-063/2",
    "returned on Sat 04.05.2024, a worked Saturday; and on Sat 30.09.2023, after the last working day",
    "Fri 31.05.2024; Fri 29.09.2023 has gone by: late from its first day",
    due("R-063", "04.05.2024", "31.05.2024"),
    due("R-063", "30.09.2023", "29.09.2023"),
    between("29.09.2023", "02.10.2023", 1),
)
CASES.steps(
    "R-064/1",
    "resend decided on Wed 27.03.2024",
    "28 and 29: Fri 29.03.2024, softly",
    due("R-064", "27.03.2024", "29.03.2024"),
)
CASES.steps(
    "R-064/2",
    "resend decided on Fri 03.05.2024, and on Fri 29.12.2023",
    "Sat 04.05.2024 and Mon 06.05.2024; 3 and 4 January: Thu 04.01.2024",
    due("R-064", "03.05.2024", "06.05.2024"),
    due("R-064", "29.12.2023", "04.01.2024"),
)

# --- Documents --------------------------------------------------------------------------------------------------------

CASES.steps(
    "R-070/1",
    "act of March 2024: Sat 20.04.2024",
    "warns on Fri 19.04.2024, overdue after Mon 22.04.2024",
    due("R-070", "31.03.2024", "22.04.2024", nominal="20.04.2024", warn="19.04.2024"),
)
CASES.steps(
    "R-070/2",
    "act of May 2024, the last month of the pilot; act of February 2024",
    "Thu 20.06.2024, after the pilot's end; Wed 20.03.2024, the eve of Nauryz, is worked",
    due("R-070", "31.05.2024", "20.06.2024"),
    due("R-070", "29.02.2024", "20.03.2024", warn="19.03.2024"),
)
CASES.steps(
    "R-071/1",
    "Appendix 2 of June 2025: Sun 20.07.2025",
    "warns on Fri 18.07.2025, overdue after Mon 21.07.2025",
    due("R-071", "30.06.2025", "21.07.2025", nominal="20.07.2025", warn="18.07.2025"),
)
CASES.steps(
    "R-071/2",
    "Appendix 2 of November 2023, whichever day of the month is named",
    "Wed 20.12.2023",
    due("R-071", "01.11.2023", "20.12.2023"),
    due("R-071", "30.11.2023", "20.12.2023"),
)

# --- Readings of what the order leaves open ---------------------------------------------------------------------------

CASES.steps(
    "AMB-1/1",
    "a request for May arrives on Fri 03.05.2024",
    "A: Sat 04.05.2024 and Mon 06.05.2024; B: the 3rd and Sat 04.05.2024; A warns on the day of B",
    due("R-040", "03.05.2024", "06.05.2024", month="05.2024", warn="04.05.2024"),
    due("R-040", "03.05.2024", "04.05.2024", month="05.2024", transfer_term="arrival_day"),
)
CASES.steps(
    "AMB-1/2",
    "a request arrives on Fri 08.03.2024, a holiday",
    "A: 11 and 12: Tue 12.03.2024; B: nobody works on the 8th, so Mon 11.03.2024 is day 1: Tue 12.03.2024 as well",
    due("R-040", "08.03.2024", "12.03.2024", month="03.2024", warn="11.03.2024"),
    due("R-040", "08.03.2024", "12.03.2024", month="03.2024", transfer_term="arrival_day"),
)
CASES.steps(
    "AMB-2/1",
    "a request for July arrives on Fri 30.06.2023; Sat 01.07.2023 is worked",
    "A: from Mon 03.07.2023; B, the 1st included: from Sat 01.07.2023 until Mon 03.07.2023",
    due("R-042", "30.06.2023", "04.07.2023", month="07.2023", earliest="03.07.2023"),
    due("R-042", "30.06.2023", "03.07.2023", month="07.2023", earliest="01.07.2023", after_the_first="first_included"),
)
CASES.steps(
    "AMB-2/2",
    "a request for January 2025 arrives on Tue 31.12.2024",
    "1 and 2 January are holidays, Fri 03.01.2025 is moved: both readings begin on Sun 05.01.2025",
    due("R-042", "31.12.2024", "06.01.2025", month="01.2025", earliest="05.01.2025"),
    due("R-042", "31.12.2024", "06.01.2025", month="01.2025", earliest="05.01.2025", after_the_first="first_included"),
)
CASES.steps(
    "AMB-3/1",
    "a request for March arrives on the leap day Thu 29.02.2024",
    "A: from Mon 04.03.2024, softly until Tue 05.03.2024; B: no latest day",
    due("R-042", "29.02.2024", "05.03.2024", month="03.2024", earliest="04.03.2024"),
    due("R-042", "29.02.2024", None, month="03.2024", earliest="04.03.2024", late_request_deadline="none"),
)
CASES.steps(
    "AMB-3/2",
    "a request for May arrives on Mon 29.04.2024",
    "1 May is a holiday: A: from Thu 02.05.2024 until Fri 03.05.2024; B with AMB-2 B: the same start, no latest day",
    due("R-042", "29.04.2024", "03.05.2024", month="05.2024", earliest="02.05.2024"),
    due(
        "R-042",
        "29.04.2024",
        None,
        month="05.2024",
        earliest="02.05.2024",
        late_request_deadline="none",
        after_the_first="first_included",
    ),
)
CASES.steps(
    "AMB-4/1",
    "monthly aid for February 2024: Sat 27.01.2024",
    "A: Fri 26.01.2024; the very day: Sat 27.01.2024; the next working day: Mon 29.01.2024; the nominal day is kept",
    due("R-032", "10.01.2024", "26.01.2024", month="02.2024", nominal="27.01.2024"),
    due("R-032", "10.01.2024", "27.01.2024", month="02.2024", nominal="27.01.2024", formation_on_day_off="same_day"),
    due(
        "R-032",
        "10.01.2024",
        "29.01.2024",
        month="02.2024",
        nominal="27.01.2024",
        formation_on_day_off="next_working_day",
    ),
)
CASES.steps(
    "AMB-4/2",
    "aid for 30.08.2023: Sun 20.08.2023; aid for Fri 01.12.2023: Tue 21.11.2023 is worked",
    "A: Fri 18.08.2023, next working day: Mon 21.08.2023; a worked day is the same in all readings",
    due("R-030", "01.08.2023", "18.08.2023", memorial="30.08.2023"),
    due("R-030", "01.08.2023", "21.08.2023", memorial="30.08.2023", formation_on_day_off="next_working_day"),
    due("R-030", "01.11.2023", "21.11.2023", memorial="01.12.2023"),
    due("R-030", "01.11.2023", "21.11.2023", memorial="01.12.2023", formation_on_day_off="same_day"),
    due("R-030", "01.11.2023", "21.11.2023", memorial="01.12.2023", formation_on_day_off="next_working_day"),
)
CASES.steps(
    "AMB-6/1",
    "act of November 2025: Sat 20.12.2025",
    "A warns on Fri 19.12.2025, B is overdue after Mon 22.12.2025; where A is chosen, due Fri 19.12.2025",
    due("R-070", "30.11.2025", "22.12.2025", warn="19.12.2025"),
    due("R-070", "30.11.2025", "19.12.2025", act_on_day_off="previous_working_day"),
)
CASES.steps(
    "AMB-6/2",
    "act of September 2023: Fri 20.10.2023 is worked",
    "the same in both readings; the day before warns: Thu 19.10.2023",
    due("R-070", "30.09.2023", "20.10.2023", warn="19.10.2023"),
    due("R-070", "30.09.2023", "20.10.2023", act_on_day_off="previous_working_day"),
)
CASES.steps(
    "AMB-8/1",
    "paid on days 5 to 10 and 20 to 25; money comes on Fri 02.02.2024, and on Mon 12.02.2024",
    "two working days from the 2nd end on Tue 06.02.2024, which is open; from the 12th on the 14th, which is not: the "
    "next open day is Tue 20.02.2024",
    due("R-050", "02.02.2024", "06.02.2024", earliest="05.02.2024", payment_days="5-10,20-25"),
    due("R-050", "12.02.2024", "20.02.2024", nominal="14.02.2024", payment_days="5-10,20-25"),
)
CASES.steps(
    "AMB-8/2",
    "paid on days 1 to 2; money comes on Fri 29.12.2023; without a schedule, by the setting",
    "1 and 2 January are holidays: the next open day is Thu 01.02.2024, and Fri 02.02.2024 is not waited for; without "
    "one: Thu 04.01.2024",
    due("R-050", "29.12.2023", "01.02.2024", payment_days="1-2"),
    due("R-050", "29.12.2023", "04.01.2024", payment_days="1-2", payment_schedule="none"),
)
