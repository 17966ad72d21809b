FROM python:3.13
WORKDIR /mill
COPY . .
RUN pip install .
CMD ["mill", "--fast"]
