FROM python:3.13
WORKDIR /mill
# <pdd-keep>
ENV TZ=UTC
# </pdd-keep>
COPY . .
RUN pip install .
CMD ["mill"]
